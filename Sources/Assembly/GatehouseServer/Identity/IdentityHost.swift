internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseIdentity
internal import GatehouseIdentitySite
internal import GatehouseOutgoing
internal import GatehouseStore
internal import NIOPosix
internal import Synchronization

/// Keeps the provider of the house: makes it from a configuration, makes it anew at a reload, and looks after its keys.
final class IdentityHost: Sendable {
    private let ground: HouseGround?
    private let events: any EventSink
    private let clock = SystemClock()
    private let outgoing = OutgoingClient()
    private let state = Mutex(State())

    private struct State {
        var service: IdentityService?
        var settings: Identity?
        var upkeep: Task<Void, Never>?
    }

    init(ground: HouseGround?, events: any EventSink) {
        self.ground = ground
        self.events = events
    }

    /// The provider that was made last.
    var service: IdentityService? { state.withLock { $0.service } }

    /// Makes the provider that a configuration wants, with its tables, keys and clients.
    ///
    /// - Throws: why it cannot be made; the one in force stays.
    func prepare(_ configuration: Configuration) async throws {
        guard let settings = configuration.identity, configuration.services.contains(where: { $0.builtin == .identity }) else { return }
        guard settings != state.withLock({ $0.settings }) else { return }
        guard let ground else {
            throw IdentityFailure(reason: "`builtin: identity` needs the store, which is opened when the house starts")
        }
        let site = try await IdentityAssembly(settings, ground: ground, clock: clock, events: events, outgoing: outgoing).site()
        try await site.server.maintain()
        state.withLock { state in
            state.service = IdentityService(site: site)
            state.settings = settings
            state.upkeep?.cancel()
            let outbox = EventOutbox(store: ground.store, sealer: KeptSealer(ground.keeper))
            state.upkeep = Task { await Self.maintain(site, outbox, events: events, clock: clock) }
        }
    }

    /// Ends the upkeep.
    func stop() { state.withLock { $0.upkeep?.cancel() } }

    /// Every two seconds: events that commands left are told. Once a minute: keys are made, published and forgotten in time, and what is over is
    /// deleted.
    private static func maintain(_ site: IdentitySite, _ outbox: EventOutbox, events: any EventSink, clock: SystemClock) async {
        var round = 0
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(2)) } catch { return }
            round += 1
            do {
                for event in try await outbox.take() { events.emit(.system(event)) }
                if round % 30 == 0 { try await site.server.maintain() }
            } catch {
                events.emit(
                    .system(
                        SystemRecord(
                            time: clock.wall, component: "identity", name: "upkeep_failed", severity: .high,
                            message: "keys and sessions could not be looked after", facts: [("cause", "\(error)")])))
            }
        }
    }
}
