import Crypto
import Foundation
import JOSE

/// Keys of the pages, grown from a secret that all nodes share: form tokens, and continuations that the browser carries.
struct SiteKeys: Sendable {
    private let forms: SymmetricKey
    private let flows: SymmetricKey

    init(secret: [UInt8]) {
        let grow = { (purpose: String) in
            HKDF<SHA256>.deriveKey(inputKeyMaterial: SymmetricKey(data: secret), info: Array(purpose.utf8), outputByteCount: 32)
        }
        forms = grow("gatehouse identity forms")
        flows = grow("gatehouse identity flows")
    }

    /// The token of every form that is shown to this browser in this session.
    func formToken(browser: String, session: String?) -> String {
        Base64URL.string([UInt8](HMAC<SHA256>.authenticationCode(for: Self.text(browser, session), using: forms)))
    }

    /// Compares in constant time.
    func accepts(_ token: String, browser: String, session: String?) -> Bool {
        guard let code = Base64URL.decode(token) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Self.text(browser, session), using: forms)
    }

    /// Seals what a browser carries from page to page; only the same browser can bring it back.
    func seal(_ content: [UInt8], browser: String) -> String? {
        (try? AES.GCM.seal(content, using: flows, authenticating: Array(browser.utf8)))?.combined.map { Base64URL.string([UInt8]($0)) }
    }

    /// Opens what was sealed for this browser.
    func open(_ sealed: String, browser: String) -> [UInt8]? {
        guard let bytes = Base64URL.decode(sealed), let box = try? AES.GCM.SealedBox(combined: bytes) else { return nil }
        return (try? AES.GCM.open(box, using: flows, authenticating: Array(browser.utf8))).map { [UInt8]($0) }
    }

    private static func text(_ browser: String, _ session: String?) -> [UInt8] { Array("\(browser)\n\(session ?? "")".utf8) }
}
