import Foundation

/// What a log sends to a witness (C2SP tlog-witness, `add-checkpoint`): the size that the witness knows, a proof, the checkpoint.
public struct WitnessRequest: Sendable, Hashable {
    /// The size that the witness last cosigned; 0 for none.
    public var oldSize: UInt64
    /// The consistency proof from there.
    public var proof: [MerkleHash]
    /// The log's signed checkpoint.
    public var checkpoint: SignedNote

    /// A request.
    public init(oldSize: UInt64, proof: [MerkleHash], checkpoint: SignedNote) {
        self.oldSize = oldSize
        self.proof = proof
        self.checkpoint = checkpoint
    }

    /// Reads a request's body.
    ///
    /// - Throws: ``LogError`` with code `malformed`.
    public init(_ bytes: [UInt8]) throws(LogError) {
        guard bytes.count <= SignedNote.limit, let text = String(validating: bytes, as: UTF8.self), let end = text.range(of: "\n\n") else {
            throw LogError(.malformed, "a request is a size, hashes, a blank line and a checkpoint")
        }
        let lines = text[..<end.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, first.hasPrefix("old "), let oldSize = UInt64(first.dropFirst(4)), lines.count <= 64 else {
            throw LogError(.malformed, "a request begins with the old size")
        }
        var proof: [MerkleHash] = []
        for line in lines.dropFirst() {
            guard let bytes = canonicalBase64(line) else { throw LogError(.malformed, "a hash of the request is no base64") }
            proof.append(try MerkleHash(bytes: bytes))
        }
        self.init(oldSize: oldSize, proof: proof, checkpoint: try SignedNote(Array(text[end.upperBound...].utf8)))
    }

    /// The request's body.
    public var bytes: [UInt8] {
        let lines = ["old \(oldSize)"] + proof.map { Data($0.bytes).base64EncodedString() }
        return Array((lines.joined(separator: "\n") + "\n\n").utf8) + checkpoint.bytes
    }
}

/// A witness of one log: cosigns checkpoints as long as each grows from the last, and so makes a fork visible.
///
/// A pure state machine; whoever runs it stores ``last`` before the cosignature leaves.
public struct Witness: Sendable {
    /// The newest checkpoint that was cosigned.
    public private(set) var last: Checkpoint?
    private let log: NoteKey
    private let signer: NoteSigner

    /// A witness of the log of a key.
    public init(of log: NoteKey, signer: NoteSigner, last: Checkpoint? = nil) {
        self.log = log
        self.signer = signer
        self.last = last
    }

    /// Cosigns the request's checkpoint.
    ///
    /// - Throws: ``LogError`` with code `signature`, `fork` for a checkpoint that does not grow from the last, `range` for a request from another
    ///   size than the last.
    public mutating func cosign(_ request: WitnessRequest, time: UInt64) throws(LogError) -> SignedNote.Signature {
        let checkpoint = try Checkpoint(note: request.checkpoint, by: log)
        guard request.oldSize == last?.size ?? 0 else { throw LogError(.range, "the witness knows size \(last?.size ?? 0)") }
        if let last, last.size > 0 {
            do {
                try MerkleProof.verifyConsistency(
                    oldSize: last.size, oldRoot: last.root, newSize: checkpoint.size, newRoot: checkpoint.root, proof: request.proof)
            } catch {
                throw LogError(.fork, "the checkpoint of \(checkpoint.size) does not grow from the one of \(last.size) that was cosigned")
            }
        }
        let signature = try signer.signature(of: request.checkpoint.text, time: time)
        last = checkpoint
        return signature
    }
}
