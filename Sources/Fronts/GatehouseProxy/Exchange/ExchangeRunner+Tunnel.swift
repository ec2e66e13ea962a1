internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire
internal import NIOCore

/// WebSocket and other upgrades: after a 101 both sides speak raw bytes (RFC 9110, section 7.8).
extension ExchangeRunner {
    /// Passes a 101 on, if the client asked for that protocol, and joins the two sides.
    func switchProtocols(_ head: ResponseHead) {
        guard let asked = exchange.request.fields[.upgrade], exchange.request.version == .http11,
            head.fields[.upgrade]?.lowercased() == asked.lowercased(), isRequestWhole
        else {
            return backFailedUpgrade()
        }
        exchange.origin = .upstream
        exchange.response = head
        ConnectionOptions.strip(&exchange.response.fields)
        exchange.response.fields.append(.connection, "upgrade")
        exchange.response.fields.append(.upgrade, asked)
        GuardChain.finalHead(exchange)
        answerState = .tunnel
        front.send(exchange.response, .none)
        front.flush()
        front.startTunnel()
        back?.startTunnel()
        refreshTunnelDeadline()
    }

    /// Bytes from the client.
    func frontTunnel(_ bytes: ByteBuffer) {
        bytesIn += bytes.readableBytes
        refreshTunnelDeadline()
        back?.sendTunnel(bytes)
        if let back, !back.isWritable { front.setReading(false) }
    }

    /// Bytes from the backend.
    func backTunnel(_ bytes: ByteBuffer) {
        bytesOut += bytes.readableBytes
        refreshTunnelDeadline()
        front.sendTunnel(bytes)
        if !front.isWritable { back?.setReading(false) }
    }

    /// The client ended its half.
    func frontTunnelEnded() { back?.endTunnel() }

    /// Ends the exchange after its tunnel.
    func endTunnelExchange() {
        guard answerState == .tunnel else { return }
        failure = ""
        frontClosed("")
    }

    private func refreshTunnelDeadline() { deadline = context.now + destination.waits.upgradeIdle }

    private func backFailedUpgrade() {
        back?.cancel()
        backFailed(BackFailure(kind: .malformed, reason: "backend switched to a protocol that was not asked for"))
    }
}
