/// Turns the bytes in a storage into its entries: one pass, no recursion.
///
/// The open container's entry keeps its parent's index in `link` until it closes, so the tape is its own stack.
@safe
struct Reader {
    let storage: JSONStorage
    let limits: JSONLimits
    let text: UnsafeMutablePointer<UInt8>
    let end: Int
    /// The next byte to read.
    var at = 0
    /// Where the next decoded string goes.
    var decodedEnd: Int
    private var entries: UnsafeMutablePointer<JSONEntry>
    private var capacity: Int
    private var count = 0
    private var values = 0
    private var container = 0
    private var inObject = false
    private var members = 0
    private var depth = 0

    init(storage: JSONStorage, limits: JSONLimits) {
        self.storage = storage
        self.limits = limits
        unsafe text = storage.text
        end = storage.sourceCount
        decodedEnd = end + JSONStorage.padding
        unsafe entries = storage.entries
        capacity = storage.capacity
    }

    /// Reads the whole text and leaves the entries in the storage.
    mutating func readDocument() throws(JSONError) {
        try refuseMark()
        skipSpace()
        guard at < end else { throw failure(.empty, "there is no value") }
        try readValue()
        while depth > 0 { try readMember() }
        skipSpace()
        guard at == end else { throw trailing() }
        storage.count = count
    }

    @inline(__always)
    func byte(_ index: Int) -> UInt8 { unsafe text[index] }

    @inline(__always)
    mutating func append(_ entry: JSONEntry) {
        if count == capacity { grow() }
        unsafe entries[count] = entry
        count += 1
    }

    @inline(never)
    private mutating func grow() {
        storage.grow(used: count)
        unsafe entries = storage.entries
        capacity = storage.capacity
    }

    // MARK: Containers

    /// Reads what stands next in the open container: its end, or a separator and one member.
    @inline(__always)
    private mutating func readMember() throws(JSONError) {
        skipSpace()
        let next = byte(at)
        if next == (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { return try close() }
        if members > 0 {
            guard next == UInt8(ascii: ",") else { throw unexpected(inObject ? "expected `,` or `}`" : "expected `,` or `]`") }
            at += 1
            skipSpace()
        }
        members += 1
        if inObject { try readKey() }
        try readValue()
    }

    @inline(__always)
    private mutating func readKey() throws(JSONError) {
        guard byte(at) == UInt8(ascii: "\"") else { throw unexpected("expected a key in double quotes") }
        guard members <= limits.keys else { throw failure(.keyLimit, "an object has more than \(limits.keys) keys") }
        try readString()
        let key = count - 1
        unsafe entries[key].hash = keyHash(text + Int(entries[key].link), Int(entries[key].length))
        unsafe entries[key].flags.insert(.isKey)
        skipSpace()
        guard byte(at) == UInt8(ascii: ":") else { throw unexpected("expected `:` after the key") }
        at += 1
        skipSpace()
    }

    @inline(__always)
    private mutating func open(_ kind: JSONKind) throws(JSONError) {
        guard depth < limits.depth else { throw failure(.depthLimit, "arrays and objects are nested more than \(limits.depth) deep") }
        if depth > 0 { unsafe entries[container].length = UInt32(truncatingIfNeeded: members) }
        append(JSONEntry(kind: kind, offset: at, link: container))
        container = count - 1
        inObject = kind == .object
        members = 0
        depth += 1
        at += 1
    }

    @inline(__always)
    private mutating func close() throws(JSONError) {
        at += 1
        let closed = container
        unsafe entries[closed].length = UInt32(truncatingIfNeeded: members)
        container = unsafe Int(entries[closed].link)
        unsafe entries[closed].link = UInt32(truncatingIfNeeded: count)
        if inObject && members > 1 && limits.duplicateKeys == .refuse { try refuseDuplicates(in: closed) }
        depth -= 1
        inObject = unsafe entries[container].kind == .object
        members = unsafe Int(entries[container].length)
    }

    private func refuseDuplicates(in object: Int) throws(JSONError) {
        let pair = unsafe duplicateKey(entries, object, text)
        guard let pair else { return }
        let entry = unsafe entries[pair]
        let key = unsafe UnsafeBufferPointer(start: text + Int(entry.link), count: min(Int(entry.length), 80))
        throw unsafe failure(.duplicateKey, "duplicate key `\(printable(String(decoding: key, as: UTF8.self)))`", at: Int(entry.offset))
    }

    // MARK: Values

    @inline(__always)
    private mutating func readValue() throws(JSONError) {
        values += 1
        guard values <= limits.elements else { throw failure(.elementLimit, "the text has more than \(limits.elements) values") }
        switch byte(at) {
        case UInt8(ascii: "\""): try readString()
        case UInt8(ascii: "{"): try open(.object)
        case UInt8(ascii: "["): try open(.array)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): try readNumber()
        case UInt8(ascii: "t"): try readLiteral("true", JSONEntry(kind: .bool, flags: .isTrue, offset: at))
        case UInt8(ascii: "f"): try readLiteral("false", JSONEntry(kind: .bool, offset: at))
        case UInt8(ascii: "n"): try readLiteral("null", JSONEntry(kind: .null, offset: at))
        default: throw unexpected("expected a value")
        }
    }

    @inline(__always)
    private mutating func readLiteral(_ word: StaticString, _ entry: JSONEntry) throws(JSONError) {
        for offset in 0..<word.utf8CodeUnitCount {
            guard unsafe byte(at + offset) == word.utf8Start[offset] else { throw badWord() }
        }
        append(entry)
        at += word.utf8CodeUnitCount
    }

    @inline(__always)
    mutating func skipSpace() {
        while true {
            let next = byte(at)
            guard next <= 0x20, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 else { return }
            at += 1
        }
    }
}
