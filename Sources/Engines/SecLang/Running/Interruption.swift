/// The end of an exchange that rules demand.
public struct Interruption: Sendable, Equatable {
    /// What is to be done with the exchange.
    public enum Action: Sendable, Equatable {
        /// Answer with the status.
        case deny
        /// Close the connection without an answer.
        case drop
        /// Send the client to this address.
        case redirect(String)
        /// Hand the exchange to this server.
        case proxy(String)
    }

    /// Why the exchange ends.
    public enum Cause: String, Sendable, Equatable {
        /// A rule matched.
        case rule
        /// A regular expression used up its match limit; without an answer there is no letting through.
        case matchLimit
        /// The transaction used up its time.
        case timeBudget
        /// The body is over its limit.
        case bodyLimit
    }

    /// What is to be done.
    public var action: Action
    /// The HTTP status of the answer.
    public var status: Int
    /// Why.
    public var cause: Cause
    /// The rule, where one is the cause.
    public var ruleID: Int?
    /// 1 to 5.
    public var phase: Int
    /// In one line.
    public var message: String
    /// Milliseconds to wait before the answer.
    public var pause: Int = 0
}
