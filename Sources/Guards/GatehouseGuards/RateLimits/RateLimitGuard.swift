public import GatehouseConfiguration
internal import GatehouseCore
internal import HTTPWire
internal import NIOCore

/// Limits how many requests a client, network, key, user or route may make, and how many at the same time.
///
/// A rate is kept by GCRA, which lets an even flow through and as much as `burst` at once. Several limits hold together: a request
/// is counted against all or, when one is exhausted, against none. Requests that were refused do not count.
///
/// Refuses: with 429, `Retry-After`, and the fields of draft-ietf-httpapi-ratelimit-headers.
public struct RateLimitGuard: Guard {
    /// The name in the configuration and in events.
    public let name = "rate_limits"
    /// The phases that it wants.
    public let phases: GuardPhases

    /// Which limits a guard applies, by what can be known at its place in the life of a request.
    public enum Stage: Sendable {
        /// Every limit.
        case all
        /// Those that need no authenticated caller.
        case beforeAuthentication
        /// Those by `user` and `api_key`.
        case afterAuthentication
    }

    private let rates: [CompiledLimit]
    private let bounds: [CompiledLimit]
    private let store: any CounterStore
    private let policyLine: FieldBlock
    private let policyText: String
    private let slot: GuardSlot<RateLimitState>

    /// Makes the limits of a route ready.
    ///
    /// - Parameters:
    ///   - settings: the limits.
    ///   - store: where the counters are; limits that are equal share theirs.
    ///   - stage: which of the limits to apply.
    public init(_ settings: RateLimitGuardSettings, store: any CounterStore, stage: Stage = .all) {
        let prefixes = NetworkPrefixes(v4: settings.clientNetworkV4, v6: settings.clientNetworkV6)
        let limits = settings.limits.filter { Self.belongs($0, to: stage) }.map {
            CompiledLimit($0, prefixes: prefixes, capacity: settings.maxKeys, store: store)
        }
        rates = limits.filter(\.hasRate)
        bounds = limits.filter { $0.concurrency != nil }
        self.store = store
        slot = GuardSlot("\(stage)")
        policyText = settings.sendsFields ? rates.map(\.policy).joined(separator: ", ") : ""
        var line = FieldBlock()
        if !policyText.isEmpty { line.append(.rateLimitPolicy, policyText) }
        policyLine = line
        var phases: GuardPhases = limits.isEmpty ? [] : .requestHead
        if !policyText.isEmpty { phases.insert(.finalHead) }
        if !bounds.isEmpty { phases.insert(.end) }
        self.phases = phases
    }

    /// True when there is nothing to limit, so that the guard need not be placed.
    public var isEmpty: Bool { phases.isEmpty }

    /// Counts the request.
    public func requestHead(_ exchange: Exchange) -> Verdict {
        guard !rates.isEmpty else { return enter(exchange, states: []) }
        let secret = store.secret
        let demands = rates.map { CounterDemand(key: $0.key(for: exchange, secret: secret), interval: $0.interval, burst: $0.burst) }
        switch store.take(demands, now: exchange.services.clock.monotonic) {
        case .now(let states): return judge(states, exchange)
        case .later(let future):
            return .wait(future.assumeIsolated().map { judge($0, exchange) }.nonisolated())
        }
    }

    /// Tells the client what is left.
    public func finalHead(_ exchange: Exchange) {
        guard let states = exchange[slot]?.states, !states.isEmpty else { return }
        let present = exchange.response.fields.contains(.rateLimit) || exchange.response.fields.contains(.rateLimitPolicy)
        if !present {
            exchange.response.fields.append(contentsOf: policyLine)
            exchange.response.fields.append(.rateLimit, room: room(for: states)) { write(states, to: &$0) }
        } else {
            let bytes = [UInt8](capacity: room(for: states)) { write(states, to: &$0) }
            let ours = String(decoding: bytes, as: UTF8.self)
            let (limits, policies) = (
                exchange.response.fields.values(of: .rateLimit), exchange.response.fields.values(of: .rateLimitPolicy)
            )
            exchange.response.fields.set(.rateLimitPolicy, ([policyText] + policies).joined(separator: ", "))
            exchange.response.fields.set(.rateLimit, ([ours] + limits).joined(separator: ", "))
        }
    }

    /// Frees what the request held.
    public func end(_ exchange: Exchange) {
        guard let entered = exchange[slot]?.entered, !entered.isEmpty else { return }
        exchange[slot]?.entered = []
        for key in entered { store.leave(key) }
    }

    private func judge(_ states: [CounterState], _ exchange: Exchange) -> Verdict {
        if let last = states.last, last.wait > 0 {
            exchange[slot] = RateLimitState(states: states)
            let limit = rates[states.count - 1]
            return refuse(limit.name, "rate of limit `\(limit.name)` is used up", seconds: Self.seconds(last.wait))
        }
        return enter(exchange, states: states)
    }

    private func enter(_ exchange: Exchange, states: [CounterState]) -> Verdict {
        var state = RateLimitState(states: states)
        defer { exchange[slot] = state }
        for limit in bounds {
            let key = limit.key(for: exchange, secret: store.secret)
            guard store.enter(key, bound: limit.concurrency ?? .max) else {
                return refuse(limit.name, "too many requests of limit `\(limit.name)` at the same time", seconds: 1)
            }
            state.entered.append(key)
        }
        return .pass
    }

    private func refuse(_ rule: String, _ reason: String, seconds: Int64) -> Verdict {
        let text = String(seconds)
        return .refuse(
            Refusal(
                Problem(status: 429, detail: "Too many requests. Try again in \(text) s."), rule: rule, reason: reason,
                fields: [("retry-after", text)], evidence: [("retry_after", text)]))
    }

    /// Most bytes that the value of the field takes.
    private func room(for states: [CounterState]) -> Int {
        rates.prefix(states.count).reduce(0) { $0 + $1.quotedName.count + 48 }
    }

    /// Writes `"name";r=remaining;t=seconds`, one member for each limit that was asked.
    private func write(_ states: [CounterState], to out: inout OutputSpan<UInt8>) {
        for (index, state) in states.enumerated() {
            if index > 0 { out.append(literal: ", ") }
            let name = rates[index].quotedName
            out.append(contentsOf: name.span)
            out.append(literal: ";r=")
            out.append(decimal: state.remaining)
            out.append(literal: ";t=")
            out.append(decimal: Self.seconds(state.wait > 0 ? state.wait : state.untilFresh))
        }
    }

    private static func seconds(_ nanoseconds: Int64) -> Int64 { (nanoseconds + 999_999_999) / 1_000_000_000 }

    private static func belongs(_ limit: RateLimit, to stage: Stage) -> Bool {
        let needsCaller = limit.key.contains(.user) || limit.key.contains(.apiKey)
        return switch stage {
        case .all: true
        case .beforeAuthentication: !needsCaller
        case .afterAuthentication: needsCaller
        }
    }
}

/// What the guard keeps of one exchange.
struct RateLimitState {
    /// What the store said of each rate, up to the one that was exhausted.
    var states: [CounterState]
    /// Where a request under way was added.
    var entered: [CounterKey] = []
}
