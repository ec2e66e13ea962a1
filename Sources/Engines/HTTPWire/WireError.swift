/// Why bytes of a peer are not an acceptable HTTP message.
///
/// Equal by `code`; `reason` is for the log, never for the peer.
public struct WireError: Error, Sendable, Equatable {
    /// What kind of fault it is. The raw value is the rule name in events.
    public enum Code: String, Sendable, CaseIterable {
        case badRequestLine = "request_line"
        case badStatusLine = "status_line"
        case unsupportedVersion = "version"
        case badTarget = "target"
        case targetTooLong = "target_length"
        case bareLineEnd = "bare_line_end"
        case foldedField = "folded_field"
        case badFieldName = "field_name"
        case badFieldValue = "field_value"
        case tooManyFields = "field_count"
        case headTooLong = "head_length"
        case badContentLength = "content_length"
        case repeatedContentLength = "content_length_repeated"
        case badTransferEncoding = "transfer_encoding"
        case ambiguousFraming = "length_and_encoding"
        case badHost = "host"
        case badConnection = "connection"
        case badChunk = "chunk"
        case badTrailer = "trailer"
        case bodyTooLong = "body_length"
        case badPseudoField = "pseudo_field"
        case badExpectation = "expectation"
        case truncated = "truncated"
    }

    /// The kind of fault.
    public let code: Code
    /// One clause that says what was seen; lower case, without the peer's secrets.
    public let reason: String

    /// Makes an error of a kind with a reason.
    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// The status that a request with this fault is answered with.
    public var status: Int {
        switch code {
        case .targetTooLong: 414
        case .tooManyFields, .headTooLong: 431
        case .bodyTooLong: 413
        case .unsupportedVersion: 505
        case .badExpectation: 417
        default: 400
        }
    }

    /// Two errors are equal when their codes are.
    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }
}
