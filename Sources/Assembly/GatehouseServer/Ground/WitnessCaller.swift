internal import Foundation
internal import GatehouseAudit
internal import GatehouseConfiguration
internal import GatehouseOutgoing
internal import HTTPWire
internal import TransparencyLog

/// Has one witness cosign the checkpoints of the audit log (C2SP tlog-witness).
actor WitnessCaller {
    private let settings: AuditWitness
    private let key: NoteKey
    private let client: OutgoingClient
    private var knownSize: UInt64 = 0
    private var next = ContinuousClock.now

    /// - Throws: `LogError` for a key that is none.
    init(_ settings: AuditWitness, client: OutgoingClient) throws {
        self.settings = settings
        self.client = client
        key = try NoteKey(settings.key)
        guard key.kind == .witness else { throw LogError(.malformed, "`\(key.name)` is the key of a log, not of a witness") }
    }

    /// Asks the witness where that is due.
    ///
    /// - Throws: `LogError`, `OutgoingError`.
    func callIfDue(_ log: AuditLog) async throws {
        guard ContinuousClock.now >= next else { return }
        next = ContinuousClock.now + settings.every
        do {
            knownSize = try await call(log)
        } catch let conflict as KnownSize {
            // Another size than remembered, such as after a restart: once more from there.
            knownSize = conflict.size
            knownSize = try await call(log)
        }
    }

    private func call(_ log: AuditLog) async throws -> UInt64 {
        let (client, key) = (client, key)
        let text = settings.url.description
        guard let address = HTTPAddress((text.hasSuffix("/") ? String(text.dropLast()) : text) + "/add-checkpoint") else {
            throw LogError(.malformed, "`\(text)` is no address of a witness")
        }
        return try await log.cosign(by: key, knownSize: knownSize) { request in
            let answer = try await client.send(OutgoingRequest(.post, address, body: request.bytes))
            let body = String(decoding: answer.body, as: UTF8.self)
            if answer.status == 409, let size = UInt64(body.trimmingCharacters(in: .whitespacesAndNewlines)), size != request.oldSize {
                throw KnownSize(size: size)
            }
            guard answer.status == 200 else { throw LogError(.missing, "the witness `\(key.name)` answers with status \(answer.status)") }
            let note = try SignedNote(Array((request.checkpoint.text + "\n" + body).utf8))
            guard let signature = note.signatures.first(where: { $0.name == key.name }) else {
                throw LogError(.signature, "the witness `\(key.name)` answers without its cosignature")
            }
            return signature
        }
    }

    /// The size that the witness says it knows.
    private struct KnownSize: Error {
        var size: UInt64
    }
}
