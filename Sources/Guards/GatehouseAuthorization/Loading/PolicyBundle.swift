public import Cedar
internal import Crypto

/// One version of what decides: policies that have passed strict validation against their schema, compiled.
public final class PolicyBundle: Sendable {
    /// A file's name with its content.
    public struct File: Sendable, Equatable {
        /// The path, for messages.
        public let name: String
        /// What is in it.
        public let bytes: [UInt8]

        /// A file.
        public init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// The compiled policies.
    public let authorizer: Authorizer
    /// What they were checked against.
    public let schema: Schema
    /// SHA-256 of the policies' names and texts, the first 32 hexadecimal digits.
    public let policyHash: String
    /// SHA-256 of the schema, likewise.
    public let schemaHash: String
    /// What is doubtful, such as a policy that can never apply.
    public let warnings: [String]
    let notes: [String: PolicyNote]

    /// Reads, checks and compiles policies.
    ///
    /// A policy's id is its `@id`; without one it is the file's name and the policy's place in it, such as `orders.cedar#2`.
    /// - Throws: ``AuthorizationFault`` with every fault and its file, line and column.
    public init(policies files: [File], schema schemaFile: File) throws(AuthorizationFault) {
        do throws(CedarError) {
            schema = try Schema(parsing: schemaFile.bytes)
        } catch {
            throw AuthorizationFault(Self.message(error, in: schemaFile.name))
        }
        var collector = PolicyCollector()
        for file in files { collector.add(file) }
        guard collector.faults.isEmpty else { throw AuthorizationFault(collector.faults) }
        let result = Validator(schema: schema).validate(collector.set)
        let texts = { (issues: [ValidationResult.Issue]) in
            issues.map { issue in
                let place = issue.position.map { ":\($0.line):\($0.column)" } ?? ""
                return "\(collector.files[issue.policy] ?? "")\(place): policy `\(issue.policy)`: \(issue.message)"
            }
        }
        guard result.isValid else { throw AuthorizationFault(texts(result.errors)) }
        warnings = texts(result.warnings)
        notes = collector.notes
        authorizer = Authorizer(collector.set)
        var hash = SHA256()
        for file in files {
            hash.update(data: Array((file.name.split(separator: "/").last ?? "").utf8) + [0])
            hash.update(data: file.bytes + [0])
        }
        policyHash = Self.text(hash.finalize())
        schemaHash = Self.text(SHA256.hash(data: schemaFile.bytes))
    }

    /// The policies of several files as one set, under the ids that the gateway gives them.
    ///
    /// - Throws: ``AuthorizationFault`` with every fault and its file, line and column.
    public static func policies(of files: [File]) throws(AuthorizationFault) -> PolicySet {
        var collector = PolicyCollector()
        for file in files { collector.add(file) }
        guard collector.faults.isEmpty else { throw AuthorizationFault(collector.faults) }
        return collector.set
    }

    static func message(_ error: CedarError, in file: String) -> String {
        "\(file)\(error.position.map { ":\($0.line):\($0.column)" } ?? ""): \(error.message)"
    }

    static func text(_ digest: SHA256.Digest) -> String {
        String(digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined().prefix(32))
    }
}

/// Brings the policies of several files into one set.
private struct PolicyCollector {
    var set = PolicySet()
    var notes: [String: PolicyNote] = [:]
    /// The file of each policy.
    var files: [String: String] = [:]
    var faults: [String] = []

    mutating func add(_ file: PolicyBundle.File) {
        do throws(CedarError) {
            let own = file.name.hasSuffix(".json") ? try PolicySet(parsingJSON: file.bytes) : try PolicySet(parsing: file.bytes)
            let short = String(file.name.split(separator: "/").last ?? "")
            var templates: [String: String] = [:]
            for (index, (id, policy)) in (own.policies + own.templates).enumerated() {
                let name = policy.annotation("id")?.string ?? (file.name.hasSuffix(".json") ? id : "\(short)#\(index + 1)")
                templates[id] = name
                try add(policy, name, file)
            }
            for link in own.links {
                let template = templates[link.template] ?? link.template
                try set.link(template: template, as: link.id, values: link.values)
                files[link.id] = file.name
                notes[link.id] = notes[template]
            }
        } catch {
            faults.append(PolicyBundle.message(error, in: file.name))
        }
    }

    private mutating func add(_ policy: Policy, _ name: String, _ file: PolicyBundle.File) throws(CedarError) {
        do throws(CedarError) {
            try set.add(policy, id: name)
            notes[name] = try PolicyNote(policy)
            files[name] = file.name
        } catch {
            throw CedarError(error.code, error.message, at: error.position ?? policy.position)
        }
    }
}
