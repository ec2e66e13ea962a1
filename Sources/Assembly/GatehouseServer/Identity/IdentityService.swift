internal import GatehouseCore
internal import GatehouseGuards
internal import GatehouseIdentity
internal import GatehouseIdentitySite
internal import HTTPWire
internal import NIOCore

/// The provider as a service behind the guards.
struct IdentityService: BuiltinService {
    let site: IdentitySite

    func answer(_ exchange: Exchange, body: ByteBuffer, on loop: any EventLoop) -> EventLoopFuture<LocalAnswer> {
        let request = Self.request(exchange, body)
        let promise = loop.makePromise(of: LocalAnswer.self)
        promise.completeWithTask { [site] in Self.local(await site.answer(request)) }
        return promise.futureResult
    }

    private static func request(_ exchange: Exchange, _ body: ByteBuffer) -> SiteRequest {
        var fields: [String: [String]] = [:]
        for name in SiteRequest.fieldNames {
            let values = exchange.request.fields.values(named: name)
            if !values.isEmpty { fields[name] = values }
        }
        return SiteRequest(
            method: exchange.request.method.name, path: exchange.request.path, query: exchange.request.query ?? "",
            body: Array(body.readableBytesView), network: network(exchange.client), fields: fields)
    }

    private static func local(_ response: IdentityResponse) -> LocalAnswer {
        LocalAnswer(
            status: response.status, fields: response.fields.map { (name: $0.name.lowercased(), value: $0.value) },
            body: ByteBuffer(bytes: response.body))
    }

    /// What guessing is counted by: /24 of IPv4, /56 of IPv6, since a household has at least one of those.
    static func network(_ address: IPAddress) -> String {
        switch address.family {
        case .v4: CIDRBlock(IPAddress(v4: UInt32(address.bits) & 0xFFFF_FF00), prefixLength: 24)?.description ?? address.description
        case .v6: CIDRBlock(IPAddress(v6: address.bits & ~((UInt128(1) << 72) - 1)), prefixLength: 56)?.description ?? address.description
        }
    }
}
