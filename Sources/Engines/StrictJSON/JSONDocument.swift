/// A JSON text read once into a flat form, with a cheap cursor.
///
/// Two allocations hold the whole document; a copy of the struct shares them. ``root`` is the way in for most uses;
/// the entries themselves are public for programs that walk them at full speed.
@safe
@frozen
public struct JSONDocument: @unchecked Sendable {  // the memory behind the pointers never changes
    @usableFromInline let storage: JSONStorage
    @usableFromInline let text: UnsafePointer<UInt8>
    @usableFromInline let entries: UnsafePointer<JSONEntry>
    /// Number of entries: values and keys.
    public let count: Int

    init(storage: JSONStorage) {
        self.storage = storage
        unsafe text = UnsafePointer(storage.text)
        unsafe entries = UnsafePointer(storage.entries)
        count = storage.count
    }

    /// Reads a text by RFC 8259, strictly.
    ///
    /// Refuses: byte order marks, bytes that are not UTF-8, lone surrogates, duplicate keys, `NaN`, comments, trailing
    /// commas and bytes, and what exceeds the limits.
    /// - Throws: ``JSONError`` with code and position.
    public init(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(bytes.span, limits: limits)
    }

    /// Reads a text, as ``init(_:limits:)-([UInt8],_)`` does.
    public init(_ text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(Array(text.utf8), limits: limits)
    }

    /// Reads a text from a span, as ``init(_:limits:)-([UInt8],_)`` does. The bytes are copied.
    public init(_ span: Span<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        let storage = try unsafe span.withUnsafeBytes { (raw) throws(JSONError) in try unsafe read(raw, limits) }
        self.init(storage: storage)
    }

    /// Reads a text from raw memory, as ``init(_:limits:)-([UInt8],_)`` does. The bytes are copied.
    @unsafe
    public init(_ raw: UnsafeRawBufferPointer, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self.init(storage: try unsafe read(raw, limits))
    }

    /// The outermost value.
    public var root: JSONNode { JSONNode(document: self, index: 0) }

    /// The entry at `index`; a wrong index stops the program.
    @inlinable
    public subscript(entry index: Int) -> JSONEntry {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "no such entry")
        return unsafe entries[index]
    }

    /// Index of the entry that follows the value or key at `index` and all inside it.
    @inlinable
    public func next(after index: Int) -> Int {
        let entry = self[entry: index]
        return entry.isContainer ? Int(entry.link) : index + 1
    }

    /// Calls `body` with the bytes of a string (decoded) or number.
    ///
    /// At least eight bytes beyond the end may be read; they mean nothing.
    @unsafe
    @inlinable
    public func bytes(of entry: JSONEntry) -> UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: text + Int(entry.link), count: Int(entry.length))
    }

    /// The entries in memory. Valid while a copy of the document lives.
    @unsafe public var entryMemory: UnsafePointer<JSONEntry> { unsafe entries }

    /// The bytes that ``JSONEntry/link`` of strings and numbers counts in. Valid while a copy of the document lives.
    @unsafe public var textMemory: UnsafePointer<UInt8> { unsafe text }

    /// The text of a string or number entry.
    public func string(of entry: JSONEntry) -> String {
        unsafe String(decoding: bytes(of: entry), as: UTF8.self)
    }

    /// Line and column of a byte of the source.
    public func position(ofByte offset: Int) -> JSONPosition {
        unsafe JSONPosition(offset: offset, in: UnsafeBufferPointer(start: text, count: storage.sourceCount))
    }

    /// The hash that keys carry in their entries: 16 bits, cheap and the same in every process.
    ///
    /// Assumes: a hit is confirmed by comparing bytes, since anyone can make keys collide.
    public static func hash(of key: some Collection<UInt8>) -> UInt16 {
        var padded = Array(key)
        let count = padded.count
        padded.append(contentsOf: repeatElement(0, count: 8))
        return unsafe padded.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return 0 }
            return unsafe keyHash(start, count)
        }
    }
}

/// Copies the bytes and reads them.
@unsafe
private func read(_ raw: UnsafeRawBufferPointer, _ limits: JSONLimits) throws(JSONError) -> JSONStorage {
    let most = min(limits.bytes, 1 << 30)
    guard raw.count <= most else {
        throw JSONError(
            code: .sizeLimit, reason: "the text has \(raw.count) bytes, more than the limit of \(most)",
            position: JSONPosition(offset: 0, line: 1, column: 1))
    }
    let storage = JSONStorage(sourceCount: raw.count)
    if let source = raw.baseAddress {
        unsafe UnsafeMutableRawPointer(storage.text).copyMemory(from: source, byteCount: raw.count)
    }
    var reader = Reader(storage: storage, limits: limits)
    try reader.readDocument()
    return storage
}

/// Mixes length, first and last eight bytes. Eight bytes beyond the end must be readable.
@unsafe
@inlinable
func keyHash(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt16 {
    let raw = unsafe UnsafeRawPointer(start)
    var first = unsafe raw.loadUnaligned(as: UInt64.self)
    var last: UInt64 = 0
    if count < 8 {
        first &= (1 << UInt64(count * 8)) &- 1
    } else {
        last = unsafe raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
    }
    let mixed = (first ^ (last &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(count)) &* 0xD6E8_FEB8_6659_FD93
    return UInt16(truncatingIfNeeded: (mixed ^ (mixed >> 32)) >> 16)
}
