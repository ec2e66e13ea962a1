/// A JSON Pointer (RFC 6901): the way from a value to one inside it.
public struct JSONPointer: Sendable, Hashable {
    /// The unescaped reference tokens.
    public var tokens: [String]

    /// A pointer of the given tokens; none points at the whole.
    public init(_ tokens: [String] = []) { self.tokens = tokens }

    /// Reads the string form: empty, or tokens that each begin with `/`, with `~0` for `~` and `~1` for `/`.
    ///
    /// - Throws: ``JSONError/Code/invalidPointer``.
    public init(parsing text: String) throws(JSONError) {
        guard !text.isEmpty else {
            tokens = []
            return
        }
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.first?.isEmpty == true else { throw Self.invalid(text, "a pointer is empty or begins with `/`") }
        tokens = []
        for part in parts.dropFirst() {
            guard let token = Self.unescape(part) else { throw Self.invalid(text, "`~` must be followed by `0` or `1`") }
            tokens.append(token)
        }
    }

    /// The pointer to a member or element of what this one points at.
    public func appending(_ token: String) -> JSONPointer { JSONPointer(tokens + [token]) }

    /// The pointer to an element of the array this one points at.
    public func appending(_ index: Int) -> JSONPointer { appending(String(index)) }

    /// A token in its escaped form.
    public static func escape(_ token: String) -> String {
        guard token.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return token }
        var escaped = ""
        for scalar in token.unicodeScalars {
            switch scalar {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// The array index a token means (RFC 6901 §4: digits without leading zero).
    public static func arrayIndex(_ token: String) -> Int? {
        let bytes = token.utf8
        guard let first = bytes.first, bytes.count <= 18, bytes.count == 1 || first != UInt8(ascii: "0"),
            bytes.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
        else { return nil }
        return Int(token)
    }

    private static func unescape(_ part: Substring.UTF8View.SubSequence) -> String? {
        var bytes: [UInt8] = []
        var tilde = false
        for byte in part {
            switch (tilde, byte) {
            case (true, UInt8(ascii: "0")): bytes.append(UInt8(ascii: "~"))
            case (true, UInt8(ascii: "1")): bytes.append(UInt8(ascii: "/"))
            case (true, _): return nil
            case (false, UInt8(ascii: "~")):
                tilde = true
                continue
            default: bytes.append(byte)
            }
            tilde = false
        }
        return tilde ? nil : String(decoding: bytes, as: UTF8.self)
    }

    private static func invalid(_ text: String, _ why: String) -> JSONError {
        JSONError(
            code: .invalidPointer, reason: "`\(text)` is not a JSON Pointer: \(why)", position: JSONPosition(offset: 0, line: 1, column: 1))
    }
}

extension JSONPointer: CustomStringConvertible {
    /// The string form.
    public var description: String { tokens.map { "/" + Self.escape($0) }.joined() }
}

extension JSONValue {
    /// The value at a pointer; nil where it leads nowhere.
    public subscript(pointer: JSONPointer) -> JSONValue? {
        pointer.tokens.reduce(Optional(self)) { value, token in
            switch value {
            case .object(let members): members[token]
            case .array: JSONPointer.arrayIndex(token).flatMap { value?[$0] }
            default: nil
            }
        }
    }

    /// Puts a value where a pointer leads: replaces, adds a member, or (token `-` or the count) appends to an array.
    ///
    /// - Throws: ``JSONError/Code/noSuchValue`` where the parent is missing or is a scalar.
    public mutating func set(_ pointer: JSONPointer, to value: JSONValue) throws(JSONError) {
        try change(pointer.tokens[...], pointer) { _ in value }
    }

    /// Removes the member or element a pointer leads to.
    ///
    /// - Throws: ``JSONError/Code/noSuchValue`` where nothing is there, or for the whole value.
    public mutating func remove(_ pointer: JSONPointer) throws(JSONError) {
        guard self[pointer] != nil, !pointer.tokens.isEmpty else { throw Self.nowhere(pointer) }
        try change(pointer.tokens[...], pointer) { _ in nil }
    }

    private mutating func change(
        _ tokens: ArraySlice<String>, _ whole: JSONPointer, _ body: (JSONValue?) -> JSONValue?
    ) throws(JSONError) {
        guard let token = tokens.first else {
            self = body(self) ?? .null
            return
        }
        let rest = tokens.dropFirst()
        switch self {
        case .object(var members):
            self = .null
            defer { self = .object(members) }
            try Self.change(&members[token], rest, whole, body)
        case .array(var elements):
            guard let place = token == "-" ? elements.count : JSONPointer.arrayIndex(token), place <= elements.count else {
                throw Self.nowhere(whole)
            }
            self = .null
            defer { self = .array(elements) }
            var element: JSONValue? = place < elements.count ? elements[place] : nil
            try Self.change(&element, rest, whole, body)
            elements.replaceSubrange(place..<min(place + 1, elements.count), with: element.map { [$0] } ?? [])
        default: throw Self.nowhere(whole)
        }
    }

    private static func change(
        _ slot: inout JSONValue?, _ rest: ArraySlice<String>, _ whole: JSONPointer, _ body: (JSONValue?) -> JSONValue?
    ) throws(JSONError) {
        if rest.isEmpty {
            slot = body(slot)
            return
        }
        guard var inner = slot else { throw nowhere(whole) }
        slot = .null
        defer { slot = inner }
        try inner.change(rest, whole, body)
    }

    private static func nowhere(_ pointer: JSONPointer) -> JSONError {
        JSONError(code: .noSuchValue, reason: "there is no value at `\(pointer)`", position: JSONPosition(offset: 0, line: 1, column: 1))
    }
}
