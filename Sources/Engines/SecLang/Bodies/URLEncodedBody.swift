/// Reads `name=value&name=value` (WHATWG URL, application/x-www-form-urlencoded), lenient as the reference engine.
enum URLEncodedBody {
    /// Calls `add` for each argument; tells how many percent signs begin no valid pair.
    static func read(_ text: Slice, separator: UInt8, _ arena: Arena, add: (Slice, Slice) -> Bool) -> Int {
        var invalid = 0
        var start = 0
        while start < text.count {
            let end = text.firstIndex(of: separator, from: start) ?? text.count
            let pair = text.part(start, end)
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            let name = decode(pair.part(0, equals ?? pair.count), arena, &invalid)
            let value = equals.map { decode(pair.suffix(from: $0 + 1), arena, &invalid) } ?? .empty
            guard add(name, value) else { return invalid }
            start = end + 1
        }
        return invalid
    }

    private static func decode(_ text: Slice, _ arena: Arena, _ invalid: inout Int) -> Slice {
        var needsDecoding = false
        for index in 0..<text.count where text[index] == 37 || text[index] == 43 {
            needsDecoding = true
            break
        }
        guard needsDecoding else { return text }
        var count = 0
        let result = arena.write(capacity: text.count) { output in
            _ = Transformation.decodeURL(text, &output, invalid: &count)
        }
        invalid += count
        return result
    }
}
