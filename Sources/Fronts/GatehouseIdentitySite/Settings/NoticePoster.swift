internal import GatehouseConfiguration
public import GatehouseCore
public import GatehouseIdentity
public import GatehouseOutgoing

/// Posts logout tokens to clients (OpenID Connect Back-Channel Logout section 2.5), three times at most each.
public struct NoticePoster: NoticeSender {
    let client: OutgoingClient
    let events: any EventSink
    let clock: any HouseClock

    /// A poster.
    public init(client: OutgoingClient, events: any EventSink, clock: any HouseClock) {
        self.client = client
        self.events = events
        self.clock = clock
    }

    /// Posts them in the background.
    public func send(_ notices: [BackChannelNotice]) {
        for notice in notices { Task { await post(notice) } }
    }

    /// Posts one, and waits for it.
    public func post(_ notice: BackChannelNotice) async {
        guard let address = HTTPAddress(notice.address) else { return tell(notice, "failed", .medium, "the address cannot be used") }
        var reason = ""
        for attempt in 0..<3 {
            if attempt > 0 { try? await Task.sleep(for: .seconds(2 << (2 * attempt))) }
            do {
                let answer = try await client.send(.form(address, [("logout_token", notice.logoutToken)]))
                if (200...299).contains(answer.status) { return tell(notice, "sent", .informational, "") }
                reason = "the client answered \(answer.status)"
                if answer.status == 400 { break }
            } catch {
                reason = "\(error)"
            }
        }
        tell(notice, "failed", .medium, reason)
    }

    private func tell(_ notice: BackChannelNotice, _ outcome: String, _ severity: Severity, _ reason: String) {
        events.emit(
            .system(
                SystemRecord(
                    time: clock.wall, component: "identity", name: "logout_notice_\(outcome)", severity: severity,
                    message: "a client was told that a session has ended", facts: [("client", notice.clientID), ("reason", reason)])))
    }
}
