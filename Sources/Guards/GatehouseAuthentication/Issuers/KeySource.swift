internal import GatehouseConfiguration
internal import GatehouseOutgoing
internal import HTTPWire
internal import JOSE
internal import StrictJSON

/// Where an issuer's keys are, and how they are fetched.
struct KeySource: Sendable, Hashable {
    let issuer: HTTPAddress
    let keysAddress: HTTPAddress?
    let authorities: FilePath?

    init(issuer: HTTPAddress, keysAddress: HTTPAddress?, authorities: FilePath?) {
        self.issuer = issuer
        self.keysAddress = keysAddress
        self.authorities = authorities
    }

    init(_ settings: TokenIssuerSettings) {
        issuer = settings.issuer
        keysAddress = settings.keysAddress
        authorities = settings.authorities
    }

    /// Why there are no keys.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Fetches the set.
    ///
    /// Refuses: a document of another issuer, an address in clear text from one that came over TLS, sets over 1 MiB, and sets with
    /// secrets or private keys, which were published by mistake.
    func fetch(_ client: OutgoingClient) async throws -> IssuerDocument {
        var document = IssuerDocument()
        if let keysAddress { document.keysAddress = keysAddress } else { document = try await discover(client) }
        guard let address = document.keysAddress else { throw Failure(description: "`\(issuer)` names no keys") }
        document.set = try Self.checked(JSONWebKeySet(parsing: try await body(of: address, client, limit: 1 << 20)))
        return document
    }

    /// Refuses sets with secrets.
    static func checked(_ set: JSONWebKeySet) throws(Failure) -> JSONWebKeySet {
        guard !set.keys.contains(where: { $0.material.isPrivate || $0.material.isSymmetric }) else {
            throw Failure(description: "the set holds secrets, so that anyone may know them")
        }
        guard !set.keys.isEmpty else { throw Failure(description: "the set has no key that can be used") }
        return set
    }

    /// OpenID Connect Discovery, section 4; then RFC 8414, section 3.
    private func discover(_ client: OutgoingClient) async throws -> IssuerDocument {
        do {
            return try await document(at: try Self.openIDAddress(issuer), client)
        } catch let first as Failure {
            do {
                return try await document(at: try Self.serverAddress(issuer), client)
            } catch {
                throw first
            }
        }
    }

    private func document(at address: HTTPAddress, _ client: OutgoingClient) async throws -> IssuerDocument {
        let root = try JSONDocument(try await body(of: address, client, limit: 256 << 10)).root
        guard let stated = root["issuer"]?.string, stated.utf8.elementsEqual(issuer.description.utf8) else {
            throw Failure(description: "the document at `\(address)` is another issuer's")
        }
        let document = IssuerDocument(root, of: issuer)
        guard document.keysAddress != nil else { throw Failure(description: "the document at `\(address)` names no usable `jwks_uri`") }
        return document
    }

    private func body(of address: HTTPAddress, _ client: OutgoingClient, limit: Int) async throws -> [UInt8] {
        var request = OutgoingRequest(.get, address, fields: [("accept", "application/json")])
        request.answerLimit = limit
        let answer = try await client.send(request, authorities: authorities)
        guard answer.status == 200 else { throw Failure(description: "`\(address)` answers \(answer.status)") }
        return answer.body
    }

    static func openIDAddress(_ issuer: HTTPAddress) throws(Failure) -> HTTPAddress {
        try address(issuer, issuer.path + "/.well-known/openid-configuration")
    }

    static func serverAddress(_ issuer: HTTPAddress) throws(Failure) -> HTTPAddress {
        try address(issuer, "/.well-known/oauth-authorization-server" + issuer.path)
    }

    private static func address(_ issuer: HTTPAddress, _ path: String) throws(Failure) -> HTTPAddress {
        guard let address = HTTPAddress(issuer.origin + path) else { throw Failure(description: "`\(issuer)` has no address below it") }
        return address
    }
}

extension HTTPAddress {
    /// The path without query and closing slash.
    var path: String {
        let path = target.prefix { $0 != "?" }
        return String(path.hasSuffix("/") ? path.dropLast() : path)
    }
}
