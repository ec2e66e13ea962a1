internal import GatehouseCore

/// By which policies the requests of a service are decided, and what the policies get to see.
public struct Authorization: Sendable, Equatable {
    /// What happens to an allow beside a `forbid` that could not be evaluated.
    public enum PolicyErrorHandling: String, Sendable, CaseIterable {
        /// It becomes a deny.
        case deny
        /// It stays, as Cedar defines it.
        case ignore
    }

    /// The policies: a folder, of which every `*.cedar` (text) and `*.cedar.json` (JSON policy format) counts, or one file.
    public var policies = PolicyFiles()
    /// The schema that the policies are checked against, in Cedar syntax or JSON.
    public var schema: FilePath?
    /// Where facts about principals and resources come from.
    public var entities = EntitySources()
    /// How callers and requests become Cedar's principals, actions and contexts.
    public var mapping = AuthorizationMapping()
    /// Route templates, or more about those of the OpenAPI document.
    public var routes: [AuthorizationRoute] = []
    /// What an erring `forbid` does; default `deny`.
    public var onPolicyError = PolicyErrorHandling.deny
    /// A candidate set that decides in parallel; its flips are recorded and nothing else.
    public var shadow: ShadowPolicies?
    /// Where every decision is written.
    public var decisionLog: DecisionLogFile?
    /// A remote decision point that is asked in place of policies of our own.
    public var pdp: RemoteDecisionPoint?
    /// The field of answers that holds the decision's id; nil for none. Default `gatehouse-decision`.
    public var decisionField: FieldName? = FieldName("gatehouse-decision")

    /// No policies yet.
    public init() {}
}

extension Authorization: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "authorization" }
    /// What it is for.
    public static var about: String {
        "By which Cedar policies the requests of a service are decided. What no policy permits is denied, and so is what no route template takes."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<Authorization>] {
        [
            ConfigurationKey(
                "policies", \.policies, "The policies: a folder, of which every `*.cedar` and `*.cedar.json` counts, or one file. Watched.",
                defaultText: "none"
            ),
            ConfigurationKey(
                "schema", \.schema.existing,
                "The schema, in Cedar syntax or JSON. Policies that do not pass its strict validation are not put in force. Watched.",
                defaultText: "none"),
            ConfigurationKey("entities", \.entities, "Where facts about principals and resources come from.", defaultText: ""),
            ConfigurationKey("mapping", \.mapping, "How callers and requests become principals, actions and contexts.", defaultText: ""),
            ConfigurationKey(
                "routes", \.routes, "Route templates; where the service has an OpenAPI document, more about its operations.",
                defaultText: "those of the OpenAPI document"),
            ConfigurationKey(
                "on_policy_error", \.onPolicyError, "What an allow becomes beside a `forbid` that could not be evaluated.",
                risk: Risk("`ignore`", because: "a prohibition that fails is passed over") { $0 == .ignore }),
            ConfigurationKey(
                "shadow", \.shadow, "A candidate set that decides in parallel; decisions that it would flip are recorded.",
                defaultText: "none"),
            ConfigurationKey("decision_log", \.decisionLog, "A file of all decisions, one JSON object a line.", defaultText: "none"),
            ConfigurationKey(
                "pdp", \.pdp, "A remote decision point (AuthZEN 1.0) that is asked in place of policies.", defaultText: "none"),
            ConfigurationKey(
                "decision_field", \.decisionField, "The field of answers that holds the decision's id.", defaultText: "gatehouse-decision"),
        ]
    }

    /// Checks that something decides.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if pdp == nil {
            if policies.path == nil { reader.error("`authorization` needs `policies` or a `pdp`", at: node) }
            if policies.path != nil, schema == nil {
                reader.error(
                    "policies are not put in force without a `schema`", at: node["policies"] ?? node,
                    help: ["the page `authorization` shows one to start from"])
            }
        } else if policies.path != nil, let place = node["pdp"] {
            reader.error("`policies` and `pdp` exclude each other", at: place)
        }
        if pdp != nil, shadow != nil, schema == nil {
            reader.error("`shadow` beside a `pdp` needs a `schema`", at: node["shadow"] ?? node)
        }
        let nodes = node["routes"]?.sequence ?? []
        for (index, route) in routes.enumerated() where nodes.count == routes.count {
            if routes[..<index].contains(where: { $0.path == route.path && $0.sharesMethod(with: route) }) {
                reader.error("two routes take `\(route.path)`", at: nodes[index], help: ["tell them apart by `methods`"])
            }
        }
    }
}

extension Authorization.PolicyErrorHandling: ConfigurationChoice {}

/// Policy files as they were found when the configuration was loaded.
public struct PolicyFiles: Sendable, Equatable {
    /// The folder or file; nil for none.
    public var path: FilePath?
    /// The files of policies in it, in the order of their names.
    public var files: [FilePath] = []

    /// No files.
    public init() {}
}

extension PolicyFiles: ConfigurationValue {
    /// A path.
    public static var form: ValueForm { FilePath.form }

    /// Finds the files, which are watched from now on, and so is the folder.
    public static func read(_ node: YAMLNode, over inherited: Self?, with reader: inout ConfigurationReader) -> Self? {
        guard let path = FilePath.read(node, over: nil, with: &reader) else { return nil }
        reader.track(path.path)
        guard reader.exists(path) else {
            reader.error("there is no file or folder `\(path)`", at: node)
            return nil
        }
        var found = PolicyFiles()
        found.path = path
        guard let names = reader.environment.list(path.path) else {
            found.files = [path]
            return found
        }
        found.files = names.filter { ($0.hasSuffix(".cedar") || $0.hasSuffix(".cedar.json")) && !$0.hasPrefix(".") }.sorted().map {
            FilePath("\(path)/\($0)")
        }
        for file in found.files { reader.track(file.path) }
        if found.files.isEmpty { reader.error("the folder `\(path)` has no `*.cedar`", at: node) }
        return found
    }

    /// The path and how many files there are.
    public func rows(at path: String) -> [ConfigurationRow] {
        let count = "\(files.count) file\(files.count == 1 ? "" : "s")"
        return [ConfigurationRow(path: path, value: self.path.map { "\($0) (\(count))" } ?? "none")]
    }
}

/// A candidate policy set beside the one in force.
public struct ShadowPolicies: Sendable, Equatable {
    /// The candidate policies.
    public var policies = PolicyFiles()
    /// The schema of the candidate; nil: the one in force.
    public var schema: FilePath?

    /// No candidate yet.
    public init() {}
}

extension ShadowPolicies: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "shadow policies" }
    /// What it is for.
    public static var about: String {
        "A candidate policy set: it decides every request too, and what it would decide otherwise is recorded."
    }
    /// The folder or file alone.
    public static var shortForm: ValueForm? { FilePath.form }

    /// Its keys.
    public static var keys: [ConfigurationKey<ShadowPolicies>] {
        [
            ConfigurationKey("policies", \.policies, "The candidate policies: a folder or one file. Watched.", isRequired: true),
            ConfigurationKey("schema", \.schema.existing, "The candidate's schema. Watched.", defaultText: "the one in force"),
        ]
    }

    /// Takes the folder or file alone.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard let files = PolicyFiles.read(node, over: nil, with: &reader) else { return false }
        policies = files
        return true
    }
}
