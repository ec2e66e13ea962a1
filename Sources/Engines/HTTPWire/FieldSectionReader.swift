/// Reads field lines up to the empty line that ends them: of a head or of a trailer section.
struct FieldSectionReader: Sendable {
    private var lines = LineReader()
    private var size = 0

    /// Reads what is there into the block; true when the empty line was read.
    ///
    /// - Throws: what is wrong with a line, `headTooLong`, `tooManyFields`.
    mutating func read(
        _ input: Span<UInt8>, _ position: inout Int, into fields: inout FieldBlock, limits: WireLimits, used: Int
    ) throws(WireError) -> Bool {
        while true {
            let room = limits.headBytes - used - size
            guard let line = try lines.next(input, &position, limit: max(room, 0), tooLong: .headTooLong) else { return false }
            if line.isEmpty {
                size = 0
                return true
            }
            size += line.count + 2
            guard fields.count < limits.fieldCount else {
                throw WireError(.tooManyFields, "more than \(limits.fieldCount) fields")
            }
            try Self.parse(input.extracting(line), into: &fields)
        }
    }

    private static func parse(_ line: Span<UInt8>, into fields: inout FieldBlock) throws(WireError) {
        guard line[0] != ASCII.space, line[0] != ASCII.tab else {
            throw WireError(.foldedField, "line starts with white space")
        }
        guard let colon = indexOfColon(line) else { throw WireError(.badFieldName, "field line without a colon") }
        guard colon > 0, colon <= 256 else { throw WireError(.badFieldName, "field name of \(colon) bytes") }
        var start = colon + 1
        var end = line.count
        while start < end, line[start] == ASCII.space || line[start] == ASCII.tab { start += 1 }
        while end > start, line[end - 1] == ASCII.space || line[end - 1] == ASCII.tab { end -= 1 }
        try fields.append(name: line.extracting(0..<colon), value: line.extracting(start..<end))
    }

    private static func indexOfColon(_ line: Span<UInt8>) -> Int? {
        for index in 0..<min(line.count, 257) where line[index] == ASCII.colon { return index }
        return nil
    }
}
