/// The memory of one document: the source, the strings decoded from it, and the entries.
///
/// Written by one reader or builder, never changed once a ``JSONDocument`` holds it.
@safe
@usableFromInline
final class JSONStorage: @unchecked Sendable {  // immutable after construction
    /// Bytes that may be read beyond a text's end.
    static let padding = 16

    let text: UnsafeMutablePointer<UInt8>
    /// Bytes of the source; decoded strings lie behind it.
    let sourceCount: Int
    var entries: UnsafeMutablePointer<JSONEntry>
    var count = 0
    private(set) var capacity: Int

    /// Memory for a source of so many bytes; every decoded string fits behind it, since no escape is shorter than its character.
    init(sourceCount: Int) {
        self.sourceCount = sourceCount
        unsafe text = .allocate(capacity: 2 * (sourceCount + Self.padding))
        unsafe (text + sourceCount).initialize(repeating: 0, count: Self.padding)
        capacity = sourceCount / 6 + 8
        unsafe entries = .allocate(capacity: capacity)
    }

    /// Memory holding the given text and entries.
    init(text bytes: [UInt8], entries list: [JSONEntry]) {
        sourceCount = 0
        unsafe text = .allocate(capacity: bytes.count + Self.padding)
        unsafe (text + bytes.count).initialize(repeating: 0, count: Self.padding)
        capacity = max(list.count, 1)
        unsafe entries = .allocate(capacity: capacity)
        for (index, byte) in bytes.enumerated() { unsafe text[index] = byte }
        for (index, entry) in list.enumerated() { unsafe entries[index] = entry }
        count = list.count
    }

    deinit {
        unsafe text.deallocate()
        unsafe entries.deallocate()
    }

    /// Doubles the room for entries, of which `used` are written.
    func grow(used: Int) {
        let larger = UnsafeMutablePointer<JSONEntry>.allocate(capacity: 2 * capacity)
        unsafe larger.update(from: entries, count: used)
        unsafe entries.deallocate()
        unsafe entries = larger
        capacity *= 2
    }
}
