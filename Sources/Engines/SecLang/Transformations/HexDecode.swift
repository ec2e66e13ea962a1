extension Transformation {
    /// Reads two hexadecimal digits at a time as one byte; a last single digit is dropped.
    ///
    /// A byte that is no digit counts as what the reference engine computes for it, so that nothing hides behind a broken pair.
    static let hexDecode = Transformation("hexDecode", triggers: .all) { input, output in
        var index = 0
        while index + 1 < input.count {
            output.append(digit(input[index]) << 4 &+ digit(input[index + 1]))
            index += 2
        }
        return input.count > 0
    }

    private static func digit(_ byte: UInt8) -> UInt8 {
        byte >= 65 ? (byte & 0xdf) &- 55 : byte &- 48
    }
}
