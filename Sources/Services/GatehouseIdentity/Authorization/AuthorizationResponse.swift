import Crypto
import Foundation
import JOSE

/// Answers of the authorization endpoint, by redirect or by form.
enum AuthorizationResponse {
    /// The answer with its parameters; `state` goes back as it came, `iss` stands in errors too (RFC 9207).
    static func make(
        _ parameters: [(String, String)], to address: String, mode: AuthorizationRequest.ResponseMode, state: String?, issuer: String
    ) -> IdentityResponse {
        let all = parameters + (state.map { [("state", $0)] } ?? []) + [("iss", issuer)]
        return mode == .query ? redirect(all, to: address) : form(all, to: address)
    }

    /// 303 makes a POST a GET (RFC 9700 section 4.12).
    private static func redirect(_ parameters: [(String, String)], to address: String) -> IdentityResponse {
        let query = parameters.map { FormParameters.encode($0.0) + "=" + FormParameters.encode($0.1) }.joined(separator: "&")
        let location = address + (address.contains("?") ? "&" : "?") + query
        return IdentityResponse(
            status: 303,
            fields: [.init("Location", location), .init("Cache-Control", "no-store"), .init("Referrer-Policy", "no-referrer")])
    }

    private static let script = "document.forms[0].submit()"

    /// The form of OAuth 2.0 Form Post Response Mode. Its button works where scripts do not run.
    private static func form(_ parameters: [(String, String)], to address: String) -> IdentityResponse {
        let inputs = parameters.map { "<input type=\"hidden\" name=\"\(escaped($0.0))\" value=\"\(escaped($0.1))\">" }.joined()
        let page =
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Continue</title></head><body>"
            + "<form method=\"post\" action=\"\(escaped(address))\">\(inputs)<button>Continue</button></form>"
            + "<script>\(script)</script></body></html>"
        let hash = Data(SHA256.hash(data: Array(script.utf8))).base64EncodedString()
        let origin = address.prefix { $0 != "?" && $0 != ";" && $0 != "," && $0 != " " }
        return IdentityResponse(
            status: 200,
            fields: [
                .init("Content-Type", "text/html; charset=utf-8"), .init("Cache-Control", "no-store"),
                .init("Referrer-Policy", "no-referrer"),
                .init(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'sha256-\(hash)'; form-action \(origin); frame-ancestors 'none'"),
            ], body: Array(page.utf8))
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
            .replacing("'", with: "&#39;")
    }
}
