import GatehouseIdentity
import StrictJSON

extension IdentitySite {
    /// The endpoints that clients call; nil where the path is none of them.
    func endpoint(_ path: String, _ request: SiteRequest) async throws -> IdentityResponse? {
        let paths = server.configuration.endpoints
        switch path {
        case "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server":
            return read(request) { server.discovery() }
        case paths.keys: return read(request) { server.publishedKeys() }
        case paths.token: return await call(request, server.token)
        case paths.introspection: return await call(request, server.introspect)
        case paths.revocation: return await call(request, server.revoke)
        case paths.pushedAuthorization: return await call(request, server.push)
        case paths.deviceAuthorization: return await call(request, server.authorizeDevice)
        case paths.userInfo: return await call(request, server.userInfo)
        default: return path.hasPrefix(AdministrationAPI.root) ? try await AdministrationAPI(site: self).answer(path, request) : nil
        }
    }

    private func read(_ request: SiteRequest, _ answer: () -> IdentityResponse) -> IdentityResponse {
        guard request.method == "GET" || request.method == "HEAD" else {
            return IdentityResponse(status: 405, fields: [.init("Allow", "GET, HEAD")])
        }
        return answer()
    }

    private func call(_ request: SiteRequest, _ endpoint: (IdentityRequest) async -> IdentityResponse) async -> IdentityResponse {
        do throws(OAuthError) {
            return await endpoint(try identityRequest(request))
        } catch {
            return .error(error)
        }
    }

    private func identityRequest(_ request: SiteRequest) throws(OAuthError) -> IdentityRequest {
        let hasBody = request.method != "GET" && request.method != "HEAD"
        if hasBody, !request.body.isEmpty {
            let type = (request["content-type"] ?? "").prefix { $0 != ";" }.lowercased()
            guard type == "application/x-www-form-urlencoded" else {
                throw OAuthError(.invalidRequest, "the body must be `application/x-www-form-urlencoded`")
            }
        }
        let text = hasBody ? request.body : Array(request.query.utf8)
        guard (request.fields["authorization"]?.count ?? 0) <= 1 else {
            throw OAuthError(.invalidRequest, "more than one field `Authorization`")
        }
        return IdentityRequest(
            method: request.method, parameters: try FormParameters(parsing: text), authorization: request["authorization"],
            proofs: request.fields["dpop"] ?? [], hasQuery: hasBody && !request.query.isEmpty)
    }
}
