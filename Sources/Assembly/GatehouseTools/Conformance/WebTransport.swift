import GatehouseIdentity

/// What carries the runner's requests: the network, or a provider in the same process.
public protocol WebTransport: Sendable {
    /// Sends a request to an absolute address and gives its answer; redirects are not followed.
    func send(_ request: WebRequest) async throws -> WebAnswer
}

/// A request to an absolute address.
public struct WebRequest: Sendable {
    /// The method.
    public var method = "GET"
    /// The address.
    public var address: String
    /// Fields; names are lower case.
    public var fields: [(name: String, value: String)] = []
    /// The body.
    public var body: [UInt8] = []

    /// A GET.
    public init(_ address: String) { self.address = address }

    /// A POST of form parameters.
    public init(_ address: String, form: [String: String]) {
        self.address = address
        method = "POST"
        body = Array(FormParameters(form).encoded.utf8)
        fields = [("content-type", "application/x-www-form-urlencoded")]
    }
}

/// An answer.
public struct WebAnswer: Sendable {
    /// The status.
    public var status: Int
    /// Fields; names are lower case.
    public var fields: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]

    /// An answer of its parts.
    public init(status: Int, fields: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// The first value of a field.
    public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }
}

/// A condition of a module that does not hold.
struct ConformanceFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Fails unless a condition holds.
func require(_ condition: Bool, _ failure: @autoclosure () -> String) throws {
    if !condition { throw ConformanceFailure(failure()) }
}

/// A value that must be there.
func require<Value>(_ value: Value?, _ failure: @autoclosure () -> String) throws -> Value {
    guard let value else { throw ConformanceFailure(failure()) }
    return value
}
