/// One `t:` function of the language: bytes in, bytes out.
struct Transformation: Sendable {
    /// The name as the language reference spells it.
    let name: StaticString
    /// The bytes without which the function changes nothing; the engine skips it for values that hold none of them.
    let triggers: ByteSet
    /// How much room the result may need for an input of a given length.
    let capacity: @Sendable (Int) -> Int
    /// Writes the result and tells whether it differs from the input.
    let apply: @Sendable (Slice, inout ByteWriter) -> Bool

    init(
        _ name: StaticString, triggers: ByteSet, capacity: @escaping @Sendable (Int) -> Int = { $0 },
        apply: @escaping @Sendable (Slice, inout ByteWriter) -> Bool
    ) {
        self.name = name
        self.triggers = triggers
        self.capacity = capacity
        self.apply = apply
    }

    /// Every function but `none`, which is a marker.
    static let all: [Transformation] = [
        .base64Decode, .base64DecodeExt, .base64Encode, .cmdLine, .compressWhitespace, .cssDecode, .escapeSeqDecode, .hexDecode,
        .hexEncode, .htmlEntityDecode, .jsDecode, .length, .lowercase, .md5, .normalizePath, .normalizePathWin, .parityEven7bit,
        .parityOdd7bit, .parityZero7bit, .removeComments, .removeCommentsChar, .removeNulls, .removeWhitespace, .replaceComments,
        .replaceNulls, .sha1, .sqlHexDecode, .trim, .trimLeft, .trimRight, .uppercase, .urlDecode, .urlDecodeUni, .urlEncode,
        .utf8toUnicode,
    ]

    /// Names by which a function is also known.
    private static let aliases = ["normalisepath": "normalizepath", "normalisepathwin": "normalizepathwin"]

    /// The function's place in `all`; names are compared without case.
    static func index(named name: String) -> Int? {
        let lower = name.lowercased()
        let wanted = aliases[lower] ?? lower
        return all.firstIndex { $0.name.description.lowercased() == wanted }
    }
}

extension Transformation {
    /// Runs the function alone.
    func run(_ input: [UInt8]) -> (output: [UInt8], changed: Bool) {
        let arena = Arena()
        return withExtendedLifetime(arena) {
            let value = arena.copy(input)
            var changed = false
            let result = arena.write(capacity: capacity(value.count)) { changed = apply(value, &$0) }
            return changed ? (result.bytes, true) : (input, false)
        }
    }
}
