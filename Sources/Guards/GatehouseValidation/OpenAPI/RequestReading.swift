internal import GatehouseGuards
internal import HTTPWire
internal import OpenAPI

/// Shows requests as the document's engine reads them.
struct RequestReading: Sendable {
    let strippedPrefix: [UInt8]

    /// The head of a request, the service's prefix taken off its path.
    func head(of exchange: Exchange) -> OpenAPI.RequestHead {
        let request = exchange.request
        var head = OpenAPI.RequestHead(
            method: request.method.name, path: String(decoding: path(of: request), as: UTF8.self), query: request.query,
            headers: FieldLookup(fields: request.fields))
        if let tls = exchange.connection.tls {
            head.hasClientCertificate = !tls.clientCertificate.isEmpty
        } else if !exchange.isSecure {
            head.hasClientCertificate = false
        }
        return head
    }

    /// The same cut that the proxy makes: at a segment's border alone.
    private func path(of request: HTTPWire.RequestHead) -> ArraySlice<UInt8> {
        let path = request.pathBytes
        guard !strippedPrefix.isEmpty, path.starts(with: strippedPrefix) else { return path }
        let rest = path.dropFirst(strippedPrefix.count)
        guard let first = rest.first else { return [UInt8(ascii: "/")] }
        return first == UInt8(ascii: "/") ? rest : path
    }
}

/// The field lines of a message as headers of the engine.
struct FieldLookup: HeaderLookup {
    let fields: FieldBlock

    func values(of name: String) -> [String] { fields.values(named: name) }
}

extension BodyFraming {
    /// True or false where the head says it; nil where only the body will.
    var hasBytes: Bool? {
        switch self {
        case .none, .length(0): false
        case .length: true
        case .chunked, .untilClose: nil
        }
    }

    /// The length that the head gives.
    var length: Int? { if case .length(let count) = self { count } else { nil } }
}
