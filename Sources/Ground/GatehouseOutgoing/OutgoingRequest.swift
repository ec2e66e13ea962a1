public import GatehouseConfiguration
public import HTTPWire

/// A request of the house to another party.
public struct OutgoingRequest: Sendable {
    /// The method.
    public var method: HTTPMethod
    /// Where it goes.
    public var address: HTTPAddress
    /// Fields beside `Host`, `Connection` and `Content-Length`; names are lower case.
    public var fields: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]
    /// Longest answer that is read, in bytes; 1 MiB.
    public var answerLimit = 1 << 20
    /// Time for everything: name, connection, TLS, answer; 5 s.
    public var timeout = Duration.seconds(5)

    /// A request.
    public init(
        _ method: HTTPMethod = .get, _ address: HTTPAddress, fields: [(name: String, value: String)] = [], body: [UInt8] = []
    ) {
        self.method = method
        self.address = address
        self.fields = fields
        self.body = body
    }

    /// A POST of form parameters (RFC 6749, appendix B).
    public static func form(_ address: HTTPAddress, _ parameters: [(String, String)]) -> OutgoingRequest {
        let text = parameters.map { "\(formEncoded($0.0))=\(formEncoded($0.1))" }.joined(separator: "&")
        return OutgoingRequest(
            .post, address, fields: [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")],
            body: Array(text.utf8))
    }

    /// A text as a value of a form: everything but letters, digits and `-._*` escaped.
    public static func formEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x2A: bytes.append(byte)
            default: bytes.append(contentsOf: [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The message as HTTP/1.1 has it.
    var wire: [UInt8] {
        var text = "\(method.name) \(address.target) HTTP/1.1\r\nhost: \(address.authority)\r\n"
        text += "connection: close\r\nuser-agent: gatehouse\r\n"
        for field in fields { text += "\(field.name): \(field.value.filter { $0 != "\r" && $0 != "\n" && $0 != "\r\n" })\r\n" }
        if !body.isEmpty || method == .post { text += "content-length: \(body.count)\r\n" }
        return Array((text + "\r\n").utf8) + body
    }
}

/// The whole answer of another party.
public struct OutgoingAnswer: Sendable {
    /// Status and fields.
    public var head: ResponseHead
    /// The body.
    public var body: [UInt8]

    /// The status.
    public var status: Int { head.status }

    /// An answer of these parts.
    public init(head: ResponseHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }
}

/// Why another party gave no answer.
public struct OutgoingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Sendable {
        /// No connection: name, network or TLS.
        case connection
        /// Not whole in time.
        case timeout
        /// Longer than the limit.
        case tooLong
        /// No well-formed HTTP.
        case malformed
        /// The connection ended too early.
        case cutOff
    }

    /// What kind of failure it is.
    public let code: Code
    /// The particulars, lower case.
    public let reason: String

    /// A failure of that kind.
    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// Equal when the codes are.
    public static func == (left: OutgoingError, right: OutgoingError) -> Bool { left.code == right.code }

    /// The reason.
    public var description: String { reason }
}
