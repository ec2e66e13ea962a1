/// What the engine cannot know by itself: time, and what lies outside the exchange.
public struct TransactionEnvironment: Sendable {
    /// Seconds since 1970.
    public var now: Int
    /// Nanoseconds from any fixed moment, never falling; without it there is no time budget.
    public var clock: (@Sendable () -> UInt64)?
    /// How long all phases together may take, in nanoseconds of the clock, waits between them not counted; over it the exchange is refused.
    public var timeBudget: UInt64
    /// Where IP, GLOBAL, SESSION, USER and RESOURCE are kept; without it they end with the transaction.
    public var collections: (any CollectionStore)?
    /// Answers whether a name of a DNS block list exists; without it `@rbl` finds nothing.
    public var blockList: (@Sendable (String) -> Bool)?

    /// Describes the world; the time budget is 500 milliseconds by default.
    public init(
        now: Int, clock: (@Sendable () -> UInt64)? = nil, timeBudget: UInt64 = 500_000_000, collections: (any CollectionStore)? = nil,
        blockList: (@Sendable (String) -> Bool)? = nil
    ) {
        (self.now, self.clock, self.timeBudget, self.collections, self.blockList) = (now, clock, timeBudget, collections, blockList)
    }
}

/// Who talks to whom.
public struct ConnectionFacts: Sendable {
    /// The client's address in text form.
    public var clientAddress: String
    /// The client's port.
    public var clientPort: Int
    /// Our address in text form.
    public var serverAddress: String
    /// Our port.
    public var serverPort: Int
    /// Our name.
    public var serverName: String
    /// Names the exchange in records.
    public var uniqueID: String
    /// The user, where one is known.
    public var user: String

    /// Describes a connection.
    public init(
        clientAddress: String, clientPort: Int = 0, serverAddress: String = "127.0.0.1", serverPort: Int = 80,
        serverName: String = "localhost",
        uniqueID: String = "", user: String = ""
    ) {
        (self.clientAddress, self.clientPort, self.serverAddress) = (clientAddress, clientPort, serverAddress)
        (self.serverPort, self.serverName, self.uniqueID, self.user) = (serverPort, serverName, uniqueID, user)
    }
}
