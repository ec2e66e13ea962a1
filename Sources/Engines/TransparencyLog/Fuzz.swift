/// Feeds arbitrary bytes to every reader of outside bytes in this module; must never trap.
public func fuzzTransparencyLog(_ bytes: [UInt8]) {
    if let note = try? SignedNote(bytes) { _ = try? Checkpoint(text: note.text) }
    _ = try? LogProof(bytes)
    _ = try? WitnessRequest(bytes)
    _ = try? Checkpoint(text: String(decoding: bytes, as: UTF8.self))
    _ = try? NoteKey(String(decoding: bytes, as: UTF8.self))
    for width in [1, 3, 256] {
        _ = try? Tile(.entries, index: 0, width: width).entries(in: bytes)
        _ = try? Tile(.hashes(level: 0), index: 0, width: width).hashes(in: bytes)
    }
}
