import GatehouseConfiguration
import GatehouseOutgoing
import HTTPWire

/// Carries the runner's requests over the network.
struct OutgoingTransport: WebTransport {
    private let client = OutgoingClient()
    let authorities: String?

    func send(_ request: WebRequest) async throws -> WebAnswer {
        let bare = String(request.address.prefix { $0 != "#" })
        guard let address = HTTPAddress(bare) else { throw ConformanceFailure("`\(bare)` is no address") }
        var outgoing = OutgoingRequest(HTTPMethod(request.method), address, fields: request.fields, body: request.body)
        outgoing.timeout = .seconds(20)
        let answer = try await client.send(outgoing, authorities: authorities.map { FilePath($0) })
        let fields = (0..<answer.head.fields.count).map {
            (name: answer.head.fields.name(at: $0).lowercased(), value: answer.head.fields.value(at: $0))
        }
        return WebAnswer(status: answer.status, fields: fields, body: answer.body)
    }
}
