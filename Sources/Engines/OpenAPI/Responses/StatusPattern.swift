/// A key of a Responses Object that names status codes: `200` or a whole class, `2XX`.
enum StatusPattern: Sendable, Hashable {
    case code(Int)
    case range(Int)

    /// Reads `[1-5][0-9][0-9]` or `[1-5]XX`; nil for any other text.
    init?(_ key: String) {
        let bytes = Array(key.utf8)
        guard bytes.count == 3, (0x31...0x35).contains(bytes[0]) else { return nil }
        if bytes[1] == UInt8(ascii: "X"), bytes[2] == UInt8(ascii: "X") {
            self = .range(Int(bytes[0] - 0x30))
        } else if ASCII.isDigit(bytes[1]), ASCII.isDigit(bytes[2]), let code = Int(key) {
            self = .code(code)
        } else {
            return nil
        }
    }
}
