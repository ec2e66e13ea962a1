public import Foundation
public import GatehouseConfiguration
internal import StrictJSON

/// `gatehouse check`: is the file good, what in it is unsafe, and what holds for a URL.
public struct ConfigurationCheck: Sendable {
    /// The file.
    public var file: String
    /// The URL whose policy is asked for; nil: none.
    public var url: String?
    /// The method of that request.
    public var method = "GET"
    /// Shows settings that have their defaults too.
    public var showsDefaults = false
    /// Fails where something unsafe is chosen.
    public var isStrict = false
    /// Answers in JSON.
    public var asJSON = false

    /// A check of a file.
    public init(file: String) { self.file = file }

    /// Runs the check.
    ///
    /// - Returns: status 0 for a good file; 1 for errors in it or a URL that is none; 2 for a good file with unsafe choices where
    ///   the check is strict.
    public func run(in environment: ConfigurationEnvironment = .process, now: Date = Date()) -> ToolResult {
        let question: PolicyQuestion?
        if let url {
            guard let asked = PolicyQuestion(url: url, method: method) else {
                return ToolResult(complaint: "error: `\(url)` is not an absolute http or https URL\n", status: 1)
            }
            question = asked
        } else {
            question = nil
        }
        do {
            let loaded = try ConfigurationLoader(file: file, environment: environment).load()
            let ground = GroundCheck(loaded: loaded, environment: environment)
            let findings =
                loaded.warnings + CertificateCheck(loaded: loaded, environment: environment, now: now).findings + ground.findings
                + OpenAPIDocumentCheck(loaded: loaded).findings
            if findings.contains(where: { $0.severity == .error }) { return bad(findings, of: loaded) }
            let policy = question.map(loaded.policy)
            let status: Int32 = isStrict && !loaded.unsafeChoices.isEmpty ? 2 : 0
            if asJSON {
                return ToolResult(output: JSONReport.good(loaded, ground, findings, policy).serialized(.pretty) + "\n", status: status)
            }
            return ToolResult(output: text(of: loaded, ground, policy), complaint: loaded.report(of: findings), status: status)
        } catch {
            if asJSON { return ToolResult(output: JSONReport.bad(error.diagnostics).serialized(.pretty) + "\n", status: 1) }
            return ToolResult(complaint: error.report, status: 1)
        }
    }

    private func bad(_ findings: [Diagnostic], of loaded: LoadedConfiguration) -> ToolResult {
        if asJSON { return ToolResult(output: JSONReport.bad(findings).serialized(.pretty) + "\n", status: 1) }
        let errors = findings.count { $0.severity == .error }
        return ToolResult(complaint: loaded.report(of: findings) + "\n" + count(errors, "error") + "\n", status: 1)
    }

    private func text(of loaded: LoadedConfiguration, _ ground: GroundCheck, _ policy: EffectivePolicy?) -> String {
        if let policy { return policy.report(all: showsDefaults) }
        let services = count(loaded.configuration.services.count, "service")
        let listeners = count(loaded.configuration.listeners.count, "listener")
        return "\(file) is good: \(services), \(listeners)\n\n\(ground.rootKey)\n\n" + unsafeText(loaded.unsafeChoices)
    }

    private func unsafeText(_ choices: [UnsafeChoice]) -> String {
        guard !choices.isEmpty else { return "no unsafe choices\n" }
        return count(choices.count, "unsafe choice") + ":\n"
            + choices.map { "\n  \($0.place)\n    \($0.path): \($0.value)\n    \($0.reason)\n" }.joined()
    }

    private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}

/// The answers of `gatehouse check --json`.
private enum JSONReport {
    static func good(_ loaded: LoadedConfiguration, _ ground: GroundCheck, _ findings: [Diagnostic], _ policy: EffectivePolicy?)
        -> JSONValue
    {
        var object: JSONObject = [
            "ok": true,
            "diagnostics": .array(findings.map(value)),
            "root_key": ["description": .string(ground.rootKey), "strength": .string(ground.strength)],
            "unsafe_choices": .array(
                loaded.unsafeChoices.map {
                    [
                        "path": .string($0.path), "value": .string($0.value), "reason": .string($0.reason), "file": .string($0.place.file),
                        "line": JSONValue($0.place.span.line),
                    ]
                }),
        ]
        if let policy { object.append("policy", value(of: policy)) }
        return .object(object)
    }

    static func bad(_ diagnostics: [Diagnostic]) -> JSONValue {
        ["ok": false, "diagnostics": .array(diagnostics.map(value))]
    }

    private static func value(of diagnostic: Diagnostic) -> JSONValue {
        [
            "severity": .string(diagnostic.severity.rawValue), "message": .string(diagnostic.message), "path": .string(diagnostic.path),
            "file": .string(diagnostic.place.file), "line": JSONValue(diagnostic.place.span.line),
            "column": JSONValue(diagnostic.place.span.column), "help": .array(diagnostic.help.map(JSONValue.string)),
        ]
    }

    private static func value(of policy: EffectivePolicy) -> JSONValue {
        [
            "url": .string(policy.question.url), "method": .string(policy.question.method),
            "listener": policy.listener.map { .string("\($0.address)") } ?? .null,
            "service": policy.service.map { .string($0.name) } ?? .null, "route": policy.route.map { .string($0.name) } ?? .null,
            "upstreams": .array((policy.service?.upstreams ?? []).map { .string("\($0.url)") }),
            "settings": .array(
                policy.rows.map {
                    ["path": .string($0.path), "value": .string($0.value), "origin": $0.origin.map { .string("\($0)") } ?? "default"]
                }),
        ]
    }
}
