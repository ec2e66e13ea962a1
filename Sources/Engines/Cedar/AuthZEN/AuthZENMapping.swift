/// How the names of the Authorization API become Cedar's.
public struct AuthZENMapping: Sendable {
    /// Cedar types by AuthZEN type; a type that is not listed stands for itself.
    public var types: [String: String] = [:]
    /// The namespace of types that are not listed, and of actions; nil for the empty one.
    public var namespace: String?
    /// Most evaluations in one request; 1,000.
    public var maximumEvaluations = 1_000
    /// Most entities or actions that a search looks at; 100,000.
    public var maximumCandidates = 100_000
    /// Most results of one page; 1,000.
    public var maximumPage = 1_000
    /// Whether an erring `forbid` denies; true.
    public var deniesOnForbidError = true

    /// A mapping; types that it does not name stand for themselves.
    public init(types: [String: String] = [:], namespace: String? = nil) {
        self.types = types
        self.namespace = namespace
    }

    func cedarType(_ type: String) -> Text {
        Text(types[type] ?? namespace.map { "\($0)::\(type)" } ?? type)
    }

    var actionType: Text { Text(namespace.map { "\($0)::Action" } ?? "Action") }
}

/// A request of the Authorization API that cannot be answered.
public struct AuthZENError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The HTTP status: 400 for what the caller got wrong.
    public let status: Int
    /// What cannot be mapped.
    public let message: String

    /// The message.
    public var description: String { message }

    static func badRequest(_ message: String) -> AuthZENError { AuthZENError(status: 400, message: message) }
}
