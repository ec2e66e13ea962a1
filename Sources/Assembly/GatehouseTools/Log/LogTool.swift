import Foundation
public import GatehouseAudit
import StrictJSON
import TransparencyLog

/// The command `gatehouse log`.
public struct LogTool: Sendable {
    private let folder: DataFolder

    /// Works on the audit log of a data folder.
    public init(_ folder: DataFolder) { self.folder = folder }

    /// Checks a copied folder with the public key alone; status 1 when anything was changed.
    ///
    /// - Parameters:
    ///   - log: the folder that `checkpoint` lies in; nil for the data folder's own.
    ///   - known: files with signed checkpoints that were kept elsewhere.
    public func verify(log: String?, key: String?, known: [String], witnesses: [String]) async -> ToolResult {
        await toolResult { try verified(log: log, key: key, known: known, witnesses: witnesses) }
    }

    /// Stands alone and is never inlined: the optimizer of Swift 6.3.1 crashes when it splits a coroutine with this body.
    @inline(never)
    private func verified(log: String?, key: String?, known: [String], witnesses: [String]) throws -> ToolResult {
        let key = try folder.logKey(key)
        let checkpoints = try known.map { try Checkpoint(note: SignedNote(Self.bytes($0)), by: key) }
        let report = try AuditReader(path: log ?? folder.auditPath + "/log", key: key).verify(
            known: checkpoints, witnesses: witnesses.map { try NoteKey($0) })
        let root = Data(report.checkpoint.root.bytes).base64EncodedString()
        return ToolResult(
            output: "good: \(report.checkpoint.size) entries of \(report.checkpoint.origin), \(report.erased) erased, root \(root)\n")
    }

    /// Prints a proof (C2SP tlog-proof) that an entry is in the log.
    public func prove(log: String?, key: String?, index: UInt64) async -> ToolResult {
        await toolResult {
            let (proof, entry) = try AuditReader(path: log ?? folder.auditPath + "/log", key: folder.logKey(key)).proof(of: index)
            return ToolResult(output: proof.text, complaint: "entry \(Self.hexadecimal(entry))\n")
        }
    }

    /// Checks a proof that someone else made; status 1 when it does not hold.
    public func check(proof file: String, entry: String, key: String?) async -> ToolResult {
        await toolResult {
            guard let entry = VectorCase.hexadecimal(entry) else { throw LogError(.malformed, "the entry is not hexadecimal") }
            let proof = try LogProof(Self.bytes(file))
            try proof.verify(entry: entry, key: folder.logKey(key))
            return ToolResult(output: "good: the entry is number \(proof.index)\n")
        }
    }

    /// What to look for.
    public struct Query: Sendable {
        /// Which class; all where nil.
        public var kind: AuditClass?
        /// The earliest time.
        public var since: Int64
        /// The time to stop before.
        public var until: Int64
        /// What stands in the event; anything where empty.
        public var text: String

        /// - Parameters:
        ///   - kind: the name of a class; all where nil.
        ///   - since: milliseconds since 1970, inclusive.
        ///   - until: milliseconds since 1970, exclusive.
        ///   - text: stands in any member of the event.
        /// - Throws: ``LogError`` with code `range` for an unknown class.
        public init(kind: String? = nil, since: Int64? = nil, until: Int64? = nil, text: String = "") throws {
            self.kind = try kind.map { name in
                guard let kind = AuditClass(name: name) else {
                    throw LogError(
                        .range, "no class `\(name)`: \(AuditClass.allCases.map(\.description).joined(separator: ", ")) are known")
                }
                return kind
            }
            (self.since, self.until, self.text) = (since ?? .min, until ?? .max, text)
        }
    }

    /// Opens the events that fit and prints each as one line of JSON; with `proofs`, each with its salt and commitment, so that others can check it.
    public func search(_ query: Query, includesSalt: Bool, print: @escaping @Sendable (String) -> Void) async -> ToolResult {
        await toolResult {
            let store = try await folder.openStore()
            let keeper = try await folder.openKeeper(store)
            let reader = AuditReader(path: folder.auditPath + "/log", key: try folder.logKey(nil))
            var count = 0
            try await reader.events(
                keeper: keeper,
                where: { _, entry in
                    (query.kind == nil || entry.kind == query.kind) && entry.time >= query.since && entry.time < query.until
                }
            ) { found in
                guard query.text.isEmpty || found.event.map({ Self.contains($0, query.text) }) == true else { return }
                print(Self.line(found, includesSalt: includesSalt))
                count += 1
            }
            return ToolResult(complaint: "\(count) events\n")
        }
    }

    /// Runs files of proofs in the form of transparency-dev's Merkle vectors; status 1 when one is judged wrongly.
    public static func vectors(_ files: [String]) -> ToolResult {
        var (passed, failed) = (0, [String]())
        for file in files {
            do {
                let root = try JSONDocument(bytes(file)).root
                if isAccepted(root) == !(root["wantErr"]?.bool ?? false) { passed += 1 } else { failed.append(file) }
            } catch {
                failed.append("\(file): \(error)")
            }
        }
        return ToolResult(
            output: failed.map { "failed: \($0)\n" }.joined() + "\(passed) passed, \(failed.count) failed\n", status: failed.isEmpty ? 0 : 1
        )
    }

    private static func isAccepted(_ vector: JSONNode) -> Bool {
        func bytes(_ node: JSONNode?) -> [UInt8] { node?.string.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) } ?? [] }
        func size(_ key: String) -> UInt64? { vector[key]?.number.flatMap { UInt64($0.text) } }
        let proof = vector["proof"].map { $0.elements.map { bytes($0) } } ?? []
        do {
            if let index = size("leafIdx"), let count = size("treeSize") {
                try MerkleProof.verifyInclusion(
                    of: MerkleHash(bytes: bytes(vector["leafHash"])), at: index, size: count,
                    root: MerkleHash(bytes: bytes(vector["root"])),
                    proof: proof.map { try MerkleHash(bytes: $0) })
            } else {
                try MerkleProof.verifyConsistency(
                    oldSize: size("size1") ?? 0, oldRoot: bytes(vector["root1"]), newSize: size("size2") ?? 0,
                    newRoot: bytes(vector["root2"]),
                    proof: proof)
            }
            return true
        } catch {
            return false
        }
    }

    private static func contains(_ event: AuditEvent, _ text: String) -> Bool {
        ([event.action, event.actor, event.subject, event.outcome, event.trace] + event.facts.map(\.value)).contains { $0.contains(text) }
    }

    private static func line(_ found: AuditReader.Found, includesSalt: Bool) -> String {
        var object = JSONObject()
        object.append("index", JSONValue(found.index))
        object.append("time", JSONValue(found.entry.time))
        object.append("class", .string(found.entry.kind.description))
        if let event = found.event {
            for (name, value) in [
                ("action", event.action), ("actor", event.actor), ("subject", event.subject), ("outcome", event.outcome),
                ("trace", event.trace),
            ] where !value.isEmpty { object.append(name, .string(value)) }
            if !event.facts.isEmpty { object.append("facts", .array(event.facts.map { .array([.string($0.name), .string($0.value)]) })) }
        } else {
            object.append("erased", .bool(true))
        }
        if includesSalt {
            object.append("commitment", .string(hexadecimal(found.entry.commitment)))
            object.append("salt", .string(hexadecimal(found.salt)))
            object.append("payload", .string(found.event.map { String(decoding: $0.payload, as: UTF8.self) } ?? ""))
        }
        return JSONValue.object(object).serialized()
    }

    private static func bytes(_ file: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: file) else { throw LogError(.missing, "cannot read `\(file)`") }
        return [UInt8](data)
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
