/// The field lines of one message, kept as the bytes that HTTP/1.1 writes.
///
/// Names are lower case. Every line lies in one buffer as `name: value CR LF`, so that a message that is passed on
/// unchanged is written with one copy, and a message object that is used again allocates nothing.
public struct FieldBlock: Sendable {
    @usableFromInline var bytes: [UInt8] = []
    @usableFromInline var lines: [Line] = []

    @usableFromInline
    struct Line: Sendable {
        var start: UInt32
        var nameLength: UInt16
        var known: UInt8
        var valueLength: UInt32

        var name: Range<Int> { Int(start)..<Int(start) + Int(nameLength) }
        var value: Range<Int> { name.upperBound + 2..<name.upperBound + 2 + Int(valueLength) }
        var end: Int { value.upperBound + 2 }
    }

    /// An empty block.
    public init() {}

    /// How many lines there are.
    public var count: Int { lines.count }

    /// Removes every line and keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
    }

    /// Makes room, so that lines up to this size take no more memory.
    mutating func reserve(bytes count: Int, lines: Int) {
        bytes.reserveCapacity(count)
        self.lines.reserveCapacity(lines)
    }

    // MARK: Reading

    /// The name of a line, lower case.
    public func name(at index: Int) -> String { string(lines[index].name) }

    /// The known name of a line, `nil` for other names.
    public func known(at index: Int) -> KnownField? { KnownField(rawValue: lines[index].known) }

    /// The value of a line; bytes that are not UTF-8 are replaced.
    public func value(at index: Int) -> String { string(lines[index].value) }

    /// The bytes of a line's value.
    public func valueBytes(at index: Int) -> ArraySlice<UInt8> { bytes[lines[index].value] }

    /// The bytes of a line's name.
    public func nameBytes(at index: Int) -> ArraySlice<UInt8> { bytes[lines[index].name] }

    /// Index of the first line of a known name.
    @inline(__always)
    public func firstIndex(of field: KnownField) -> Int? {
        let wanted = field.rawValue
        for index in lines.indices where lines[index].known == wanted { return index }
        return nil
    }

    /// True when there is a line of this name.
    public func contains(_ field: KnownField) -> Bool { firstIndex(of: field) != nil }

    /// How many lines have this name.
    public func count(of field: KnownField) -> Int {
        lines.reduce(0) { $0 + ($1.known == field.rawValue ? 1 : 0) }
    }

    /// The value of the first line of a known name.
    public subscript(field: KnownField) -> String? { firstIndex(of: field).map(value(at:)) }

    /// The value of the first line of a name, which must be lower case.
    public subscript(name: String) -> String? { firstIndex(named: name).map(value(at:)) }

    /// Every value of a known name, in order.
    public func values(of field: KnownField) -> [String] {
        lines.indices.filter { lines[$0].known == field.rawValue }.map(value(at:))
    }

    /// Every value of a name, which must be lower case.
    public func values(named name: String) -> [String] {
        lines.indices.filter { isNamed($0, name) }.map(value(at:))
    }

    /// Index of the first line of a name, which must be lower case.
    public func firstIndex(named name: String) -> Int? { lines.indices.first { isNamed($0, name) } }

    /// True when the first value of a known name equals a word, letters compared without case.
    public func has(_ field: KnownField, _ word: StaticString) -> Bool {
        guard let index = firstIndex(of: field) else { return false }
        return equal(lines[index].value, word)
    }

    /// True when the value of a line is exactly this text.
    public func hasValue(_ text: String, at index: Int) -> Bool {
        let range = lines[index].value
        guard range.count == text.utf8.count else { return false }
        return bytes.span.extracting(range).elementsEqual(text.utf8Span.span)
    }

    /// True when one element of the comma-separated values of a known name equals a word, without case.
    public func lists(_ field: KnownField, _ word: StaticString) -> Bool {
        lines.contains { line in
            line.known == field.rawValue
                && bytes[line.value].split(separator: ASCII.comma).contains { equal(trimmed($0), word) }
        }
    }

    // MARK: Changing

    /// Adds a line. The name must be a lower-case token; bytes that a value may not have become spaces.
    public mutating func append(_ name: String, _ value: String) {
        write(name.utf8Span.span, KnownField.find(name), room: value.utf8.count) { $0.append(text: value) }
    }

    /// Adds a line of a known name; bytes that a value may not have become spaces.
    public mutating func append(_ field: KnownField, _ value: String) {
        append(field, room: value.utf8.count) { $0.append(text: value) }
    }

    /// Adds a line of a known name; bytes that a value may not have become spaces.
    public mutating func append(_ field: KnownField, bytes value: some Collection<UInt8>) {
        let bytes = Array(value)
        append(field, room: bytes.count) { $0.append(contentsOf: bytes.span) }
    }

    /// Adds a line of a known name, whose value the closure writes; bytes that a value may not have become spaces.
    ///
    /// - Parameter room: most bytes that the closure writes.
    public mutating func append(_ field: KnownField, room: Int, value write: (inout OutputSpan<UInt8>) -> Void) {
        let index = KnownFieldIndex.standard
        let letters = index.letters
        self.write(letters.span.extracting(index.range(of: field)), field, room: room, write)
    }

    /// Sets a field to one value: the lines that were there go, one new line is added at the end.
    public mutating func set(_ field: KnownField, _ value: String) {
        remove(field)
        append(field, value)
    }

    /// Sets a field of any name, which must be lower case, to one value.
    public mutating func set(_ name: String, _ value: String) {
        remove(named: name)
        append(name, value)
    }

    /// Removes every line of a known name.
    public mutating func remove(_ field: KnownField) {
        if contains(field) { lines.removeAll { $0.known == field.rawValue } }
    }

    /// Removes every line of a name, which must be lower case.
    public mutating func remove(named name: String) {
        guard firstIndex(named: name) != nil else { return }
        lines = lines.indices.filter { !isNamed($0, name) }.map { lines[$0] }
    }

    /// Removes the line at an index.
    public mutating func remove(at index: Int) { lines.remove(at: index) }

    /// Removes the lines for which the closure says so; it gets the block and the index of a line.
    public mutating func removeLines(where isUnwanted: (FieldBlock, Int) -> Bool) {
        guard let first = lines.indices.first(where: { isUnwanted(self, $0) }) else { return }
        lines = Array(lines[..<first]) + lines.indices.dropFirst(first + 1).filter { !isUnwanted(self, $0) }.map { lines[$0] }
    }

    // MARK: Writing

    /// Bytes that the lines take on the wire, the final empty line not counted.
    public var encodedCount: Int { lines.reduce(0) { $0 + $1.end - Int($1.start) } }

    /// Hands out the lines as few runs of `name: value CR LF` bytes.
    public func withEncodedRuns(_ body: (ArraySlice<UInt8>) -> Void) {
        var index = 0
        while index < lines.count {
            let start = Int(lines[index].start)
            var end = lines[index].end
            index += 1
            while index < lines.count, Int(lines[index].start) == end {
                end = lines[index].end
                index += 1
            }
            body(bytes[start..<end])
        }
    }
}

extension FieldBlock {
    /// Adds a line that a parser has read: the name is made lower case and checked, the value is checked.
    ///
    /// - Throws: `badFieldName` or `badFieldValue`.
    mutating func append(name: Span<UInt8>, value: Span<UInt8>) throws(WireError) {
        if let byte = FieldBytes.firstOutsideOfTokens(name) { throw WireError(.badFieldName, "byte \(byte) in a field name") }
        if let byte = FieldBytes.firstOutsideOfValues(value) {
            throw WireError(.badFieldValue, "byte \(byte) in the value of a field")
        }
        let start = bytes.count
        bytes.append(addingCapacity: name.count + value.count + 4) { out in
            out.append(lowercased: name)
            out.append(ASCII.colon)
            out.append(ASCII.space)
            out.append(contentsOf: value)
            out.append(ASCII.carriageReturn)
            out.append(ASCII.lineFeed)
        }
        let known = KnownField.find(bytes.span.extracting(start..<start + name.count))
        lines.append(
            Line(
                start: UInt32(start), nameLength: UInt16(name.count), known: known?.rawValue ?? 0,
                valueLength: UInt32(value.count)))
    }

    private mutating func write(_ name: Span<UInt8>, _ known: KnownField?, room: Int, _ value: (inout OutputSpan<UInt8>) -> Void) {
        let start = bytes.count
        let nameLength = name.count
        bytes.append(addingCapacity: nameLength + room + 4) { out in
            out.append(contentsOf: name)
            out.append(ASCII.colon)
            out.append(ASCII.space)
            value(&out)
            out.append(ASCII.carriageReturn)
            out.append(ASCII.lineFeed)
        }
        let valueRange = start + nameLength + 2..<bytes.count - 2
        if FieldBytes.firstOutsideOfValues(bytes.span.extracting(valueRange)) != nil {
            for index in valueRange where !ASCII.isFieldValue(bytes[index]) { bytes[index] = ASCII.space }
        }
        lines.append(
            Line(
                start: UInt32(start), nameLength: UInt16(nameLength), known: known?.rawValue ?? 0,
                valueLength: UInt32(valueRange.count)))
    }

    private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private func isNamed(_ index: Int, _ name: String) -> Bool {
        let range = lines[index].name
        return range.count == name.utf8.count && bytes[range].elementsEqual(name.utf8)
    }

    private func equal(_ range: Range<Int>, _ word: StaticString) -> Bool {
        word.equalsIgnoringCase(bytes[range])
    }

    private func trimmed(_ slice: ArraySlice<UInt8>) -> Range<Int> {
        var range = slice.indices
        while let first = range.first, isBlank(slice[first]) { range = range.dropFirst() }
        while let last = range.last, isBlank(slice[last]) { range = range.dropLast() }
        return range
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == ASCII.space || byte == ASCII.tab }
}

extension StaticString {
    /// True when the bytes are this word, letters compared without case.
    func equalsIgnoringCase(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count == utf8CodeUnitCount else { return false }
        return withUTF8Buffer { word in
            for (index, byte) in bytes.enumerated() where unsafe ASCII.lowercased(byte) != ASCII.lowercased(word[index]) {
                return false
            }
            return true
        }
    }

    /// True when the bytes are exactly this word.
    func equals(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count == utf8CodeUnitCount else { return false }
        return withUTF8Buffer { word in
            for index in 0..<word.count where unsafe bytes[index] != word[index] { return false }
            return true
        }
    }
}
