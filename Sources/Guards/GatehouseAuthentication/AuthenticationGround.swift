internal import Foundation
internal import GatehouseConfiguration
public import GatehouseCore
internal import GatehouseOutgoing
internal import JOSE
internal import Passwords
internal import Synchronization

/// What the authentication guards of a house share and keep across reloads: keys of issuers, verified credentials, proofs, revocations.
public final class AuthenticationGround: Sendable {
    /// Signs identities for backends.
    public let signer: IdentitySigner
    let clock: any HouseClock
    let client = OutgoingClient()
    let revocations = RevocationList()
    let nonces: ProofNonces
    /// Random bytes that all nodes of a fleet share.
    let secret: [UInt8]
    /// Keeps browser sessions.
    let vault: any SessionVault
    private let events: any EventSink
    private let state = Mutex(State())

    private struct State {
        var keys: [KeySource: IssuerKeys] = [:]
        var caches: [Int: VerifiedCache] = [:]
        var replays: [Int: ReplayStore] = [:]
        var queues: [Int: HashingQueue] = [:]
        var policies: [String: UInt32] = [:]
        var isTicking = false
        var house: (any HouseTokens)?
        var sessions: [String: BrowserSessions] = [:]
    }

    /// The house's own provider, where there is one; it may come and change later.
    public var house: (any HouseTokens)? {
        get { state.withLock { $0.house } }
        set { state.withLock { $0.house = newValue } }
    }

    /// A ground.
    ///
    /// - Parameters:
    ///   - signer: signs identities for backends.
    ///   - nonceSecret: 32 bytes or more that all nodes of a fleet share; seals cookies and makes nonces.
    ///   - vault: keeps browser sessions; nil: in memory, for as long as the process runs.
    public init(
        signer: IdentitySigner, nonceSecret: [UInt8], vault: (any SessionVault)? = nil, clock: any HouseClock, events: any EventSink
    ) {
        self.signer = signer
        secret = nonceSecret
        self.vault = vault ?? MemoryVault()
        self.clock = clock
        self.events = events
        nonces = ProofNonces(secret: nonceSecret)
    }

    /// Refuses from now on what a revocation names, and forgets that it was ever verified.
    public func revoke(_ revocation: Revocation) {
        let moment = clock.wall / 1_000_000_000
        revocations.add(revocation, at: moment)
        for cache in state.withLock({ Array($0.caches.values) }) { cache.remove { revocation.names($0, at: moment) } }
    }

    /// The keys of a source; the first to ask begins the fetch.
    func keys(of source: KeySource) -> IssuerKeys {
        let (keys, begins) = state.withLock { state in
            let begins = !state.isTicking
            state.isTicking = true
            if let known = state.keys[source] { return (known, begins) }
            let made = IssuerKeys(source, client: client, clock: clock, events: events)
            state.keys[source] = made
            return (made, begins)
        }
        keys.tick()
        if begins { startTicking() }
        return keys
    }

    /// The cache of a size; places that agree share it.
    func cache(capacity: Int) -> VerifiedCache { shared(\.caches, capacity) { VerifiedCache(capacity: capacity) } }

    /// The memory of proofs of a size.
    func replays(capacity: Int) -> ReplayStore { shared(\.replays, capacity) { ReplayStore(capacity: capacity) } }

    /// The sessions of settings; places that agree share them.
    func sessions(_ settings: BrowserSessionSettings) -> BrowserSessions {
        let name = "\(settings.provider) \(settings)"
        if let known = state.withLock({ $0.sessions[name] }) { return known }
        let made = BrowserSessions(settings, ground: self)
        return state.withLock { state in
            if let known = state.sessions[name] { return known }
            state.sessions[name] = made
            return made
        }
    }

    /// Tells what the house did by itself.
    func say(_ severity: Severity, _ name: String, _ message: String) {
        events.emit(
            .system(SystemRecord(time: clock.wall, component: "authentication", name: name, severity: severity, message: message)))
    }

    /// The queue of passwords of a size: a worker for each core but one.
    func queue(capacity: Int) -> HashingQueue {
        shared(\.queues, capacity) {
            HashingQueue(workers: max(1, ProcessInfo.processInfo.activeProcessorCount - 1), capacity: capacity)
        }
    }

    /// The number of what decides whether a credential is good; equal settings have the same.
    func policyNumber(_ settings: String) -> UInt32 {
        state.withLock { state in
            if let number = state.policies[settings] { return number }
            let number = UInt32(state.policies.count + 1)
            state.policies[settings] = number
            return number
        }
    }

    private func shared<Value: Sendable>(_ path: WritableKeyPath<State, [Int: Value]>, _ size: Int, _ make: () -> Value) -> Value {
        state.withLock { state in
            if let known = state[keyPath: path][size] { return known }
            let made = make()
            state[keyPath: path][size] = made
            return made
        }
    }

    /// Looks every few seconds whether keys should be fetched, for as long as the ground lives.
    private func startTicking() {
        Task.detached { [weak self] in
            while true {
                try? await Task.sleep(for: .seconds(5))
                guard let self else { return }
                for keys in self.state.withLock({ Array($0.keys.values) }) { keys.tick() }
                try? await self.vault.purge(at: self.clock.wall / 1_000_000_000)
            }
        }
    }
}
