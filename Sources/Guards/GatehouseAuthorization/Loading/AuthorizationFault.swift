/// Why policies, schema, entities or routes cannot be put in force.
public struct AuthorizationFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence per fault, each with file, line and column where there are any.
    public let messages: [String]

    /// One fault.
    public init(_ message: String) { messages = [message] }

    /// Several faults.
    public init(_ messages: [String]) { self.messages = messages }

    /// All faults, one a line.
    public var description: String { messages.joined(separator: "\n") }
}
