public import StrictJSON

/// An answer, to be put on the wire by whoever serves it.
public struct IdentityResponse: Sendable, Equatable {
    /// The status.
    public var status: Int
    /// Fields beside `Content-Length`.
    public var fields: [Field]
    /// The body.
    public var body: [UInt8]

    /// A header field.
    public struct Field: Sendable, Equatable {
        /// The name.
        public var name: String
        /// The value.
        public var value: String

        /// A field.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// An answer of its parts.
    public init(status: Int, fields: [Field] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// A JSON answer that no cache keeps.
    public static func json(_ value: JSONValue, status: Int = 200, fields: [Field] = []) -> IdentityResponse {
        let head = [Field("Content-Type", "application/json"), Field("Cache-Control", "no-store"), Field("Pragma", "no-cache")]
        return IdentityResponse(status: status, fields: head + fields, body: value.bytes())
    }

    /// A JSON answer that may be kept for so many seconds.
    public static func document(_ value: JSONValue, seconds: Int64) -> IdentityResponse {
        let head = [
            Field("Content-Type", "application/json"), Field("Cache-Control", "public, max-age=\(seconds)"),
            Field("Access-Control-Allow-Origin", "*"),
        ]
        return IdentityResponse(status: 200, fields: head, body: value.bytes())
    }

    /// An error as endpoints for clients answer it (RFC 6749 section 5.2).
    public static func error(_ error: OAuthError, fields: [Field] = []) -> IdentityResponse {
        json(["error": .string(error.code.rawValue), "error_description": .string(error.reason)], status: error.status, fields: fields)
    }

    /// The value of a field.
    public subscript(name: String) -> String? { fields.first { $0.name.lowercased() == name.lowercased() }?.value }
}
