/// Reads a JSON body (RFC 8259) into arguments named by their path, as ModSecurity 2.9 names them: `{"a":{"b":1}}` gives `a.b`.
///
/// Array elements carry the array's name, those of a nameless array `array.array`. Refuses: what is not JSON, text after the value, bad
/// UTF-8, nesting beyond the limit.
struct JSONBody {
    private let text: Slice
    private let depthLimit: Int
    private let arena: Arena
    /// Takes a name and a value; false stops the reading.
    private let add: (Slice, Slice) -> Bool
    private var position = 0
    private var depth = 0
    private var prefix: Slice?
    private var key: Slice?

    /// Why a body is refused.
    struct Failure: Error, Equatable {
        var reason: String
    }

    /// - Throws: `Failure`
    static func read(_ text: Slice, depthLimit: Int, _ arena: Arena, add: (Slice, Slice) -> Bool) throws(Failure) {
        let result: Result<Void, Failure> = withoutActuallyEscaping(add) { add in
            var body = JSONBody(text: text, depthLimit: depthLimit, arena: arena, add: add)
            do throws(Failure) {
                try body.document()
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    private init(text: Slice, depthLimit: Int, arena: Arena, add: @escaping (Slice, Slice) -> Bool) {
        (self.text, self.depthLimit, self.arena, self.add) = (text, depthLimit, arena, add)
    }

    private mutating func document() throws(Failure) {
        skipSpace()
        guard position < text.count else { return }
        try value()
        skipSpace()
        guard position == text.count else { throw failure("text after the value") }
    }

    private mutating func value() throws(Failure) {
        skipSpace()
        guard position < text.count else { throw failure("the text ends too soon") }
        switch text[position] {
        case UInt8(ascii: "{"): try object()
        case UInt8(ascii: "["): try array()
        case UInt8(ascii: "\""):
            let text = try string()
            try emit(text)
        case UInt8(ascii: "t"): try literal("true", shown: true)
        case UInt8(ascii: "f"): try literal("false", shown: true)
        case UInt8(ascii: "n"): try literal("null", shown: false)
        default: try number()
        }
    }

    private mutating func object() throws(Failure) {
        position += 1
        let outer = (prefix, key)
        if let key {
            prefix = prefix.map { join($0, key) } ?? key
            try enter()
        }
        try members(closing: UInt8(ascii: "}")) { body throws(Failure) in
            guard body.position < body.text.count, body.text[body.position] == UInt8(ascii: "\"") else {
                throw body.failure("a name is missing")
            }
            let name = try body.string()
            body.skipSpace()
            guard body.take(UInt8(ascii: ":")) else { throw body.failure("a colon is missing") }
            body.key = name
            try body.value()
        }
        if outer.1 != nil { depth -= 1 }
        (prefix, key) = outer
    }

    private mutating func array() throws(Failure) {
        position += 1
        let outer = (prefix, key)
        if key == nil, prefix == nil {
            prefix = arena.copy("array")
            key = prefix
        } else if let held = prefix, let key {
            prefix = join(held, key)
        } else {
            prefix = key
        }
        try enter()
        try members(closing: UInt8(ascii: "]")) { body throws(Failure) in try body.value() }
        depth -= 1
        (prefix, key) = outer
    }

    private mutating func members(closing end: UInt8, _ member: (inout JSONBody) throws(Failure) -> Void) throws(Failure) {
        skipSpace()
        if take(end) { return }
        while true {
            skipSpace()
            try member(&self)
            skipSpace()
            if take(end) { return }
            guard take(UInt8(ascii: ",")) else { throw failure("a comma is missing") }
        }
    }

    private mutating func enter() throws(Failure) {
        depth += 1
        guard depth <= depthLimit, depth <= JSONBody.hardDepthLimit else { throw Failure(reason: "JSON depth limit exceeded") }
    }

    /// However high the setting: the reader calls itself for each level.
    static let hardDepthLimit = 1_000

    private func emit(_ value: Slice) throws(Failure) {
        let name = prefix.map { join($0, key ?? .empty) } ?? key ?? .empty
        guard add(name, value) else { throw Failure(reason: "too many arguments") }
    }

    private func join(_ left: Slice, _ right: Slice) -> Slice {
        arena.write(capacity: left.count + right.count + 1) { output in
            output.append(left)
            output.append(UInt8(ascii: "."))
            output.append(right)
        }
    }

    private mutating func literal(_ word: StaticString, shown: Bool) throws(Failure) {
        let end = position + word.utf8CodeUnitCount
        let found = text.part(position, end)
        guard unsafe found.equals(Slice(base: word.utf8Start, count: word.utf8CodeUnitCount)) else { throw failure("an unknown word") }
        position = end
        try emit(shown ? found : .empty)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < text.count, text[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < text.count, text[position] == 32 || text[position] == 9 || text[position] == 10 || text[position] == 13 {
            position += 1
        }
    }

    private func failure(_ reason: String) -> Failure { Failure(reason: "\(reason) at byte \(position)") }
}

extension JSONBody {
    private mutating func number() throws(Failure) {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let isZero = position < text.count && text[position] == UInt8(ascii: "0")
        let whole = try digits()
        guard !isZero || whole == 1 else { throw failure("a number begins with 0") }
        if take(UInt8(ascii: ".")) { _ = try digits() }
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            _ = try digits()
        }
        try emit(text.part(start, position))
    }

    private mutating func digits() throws(Failure) -> Int {
        let start = position
        while position < text.count, isDigit(text[position]) { position += 1 }
        guard position > start else { throw failure("a digit is missing") }
        return position - start
    }

    /// A string without its quotes, escapes resolved.
    private mutating func string() throws(Failure) -> Slice {
        position += 1
        let start = position
        var isPlain = true
        while position < text.count, text[position] != UInt8(ascii: "\"") {
            let byte = text[position]
            guard byte >= 32 else { throw failure("a control character in a string") }
            if byte >= 0x80 { isPlain = false }
            if byte == UInt8(ascii: "\\") {
                isPlain = false
                position += 1
            }
            position += 1
        }
        guard position < text.count else { throw failure("a string is not closed") }
        let raw = text.part(start, position)
        position += 1
        return isPlain ? raw : try unescape(raw)
    }

    private func unescape(_ raw: Slice) throws(Failure) -> Slice {
        guard unsafe String(validating: UnsafeBufferPointer(start: raw.base, count: raw.count), as: UTF8.self) != nil else {
            throw failure("a string is not UTF-8")
        }
        var reason: String?
        let result = arena.write(capacity: raw.count) { output in
            var index = 0
            while index < raw.count, reason == nil {
                guard raw[index] == UInt8(ascii: "\\") else {
                    output.append(raw[index])
                    index += 1
                    continue
                }
                guard let length = JSONBody.escape(raw, at: index, &output) else {
                    reason = "an unknown escape in a string"
                    return
                }
                index += length
            }
        }
        if let reason { throw failure(reason) }
        return result
    }

    /// Writes what an escape stands for; gives its length.
    private static func escape(_ raw: Slice, at index: Int, _ output: inout ByteWriter) -> Int? {
        guard index + 1 < raw.count else { return nil }
        switch raw[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(raw[index + 1])
        case UInt8(ascii: "b"): output.append(8)
        case UInt8(ascii: "f"): output.append(12)
        case UInt8(ascii: "n"): output.append(10)
        case UInt8(ascii: "r"): output.append(13)
        case UInt8(ascii: "t"): output.append(9)
        case UInt8(ascii: "u"): return unicodeEscape(raw, at: index, &output)
        default: return nil
        }
        return 2
    }

    private static func unicodeEscape(_ raw: Slice, at index: Int, _ output: inout ByteWriter) -> Int? {
        guard let unit = unit(raw, at: index + 2) else { return nil }
        var scalar = UInt32(unit)
        var length = 6
        if unit >= 0xd800, unit < 0xdc00, index + 7 < raw.count, raw[index + 6] == UInt8(ascii: "\\"), raw[index + 7] == UInt8(ascii: "u"),
            let low = self.unit(raw, at: index + 8), low >= 0xdc00, low < 0xe000
        {
            scalar = 0x10000 + (UInt32(unit - 0xd800) << 10 | UInt32(low - 0xdc00))
            length = 12
        }
        for byte in String(Character(Unicode.Scalar(scalar) ?? "?")).utf8 { output.append(byte) }
        return length
    }

    private static func unit(_ raw: Slice, at index: Int) -> UInt16? {
        guard index + 3 < raw.count, let high = hexPair(raw[index], raw[index + 1]), let low = hexPair(raw[index + 2], raw[index + 3])
        else {
            return nil
        }
        return UInt16(high) << 8 | UInt16(low)
    }
}
