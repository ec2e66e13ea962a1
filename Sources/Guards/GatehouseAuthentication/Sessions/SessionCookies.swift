internal import Crypto
internal import Foundation
internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire
internal import JOSE
internal import StrictJSON

/// The cookies of signing in: the session's secret, and what is under way, sealed.
struct SessionCookies: Sendable {
    private let key: SymmetricKey

    /// What is remembered between the way to the provider and the way back.
    struct Flow: Equatable {
        var state: String
        var nonce: String
        var verifier: String
        var target: String
        var begun: Int64
    }

    init(secret: [UInt8]) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret), info: Array("gatehouse sign-in cookie".utf8), outputByteCount: 32)
    }

    /// The name of the session's cookie. The prefix makes browsers refuse it from other hosts and in clear text.
    static func name(secure: Bool) -> String { (secure ? "__Host-" : "") + "gatehouse-session" }

    /// The name of a flow's cookie.
    static func flowName(_ state: String, secure: Bool) -> String {
        (secure ? "__Host-" : "") + "gatehouse-flow-" + String(state.prefix(8))
    }

    /// A line of `Set-Cookie` that keeps a cookie from scripts, other sites' requests and clear text.
    static func line(_ name: String, _ value: String, secure: Bool, maximumAge: Int64? = nil) -> String {
        "\(name)=\(value); Path=/; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "") + (maximumAge.map { "; Max-Age=\($0)" } ?? "")
    }

    /// The value of a cookie; nil for none, and where it stands twice.
    static func value(of name: String, in fields: FieldBlock) -> String? {
        let found = fields.values(of: .cookie).flatMap { $0.split(separator: ";") }.compactMap { pair -> String? in
            let pair = pair.trimmingPrefix(while: \.isWhitespace)
            guard let equals = pair.firstIndex(of: "="), pair[..<equals] == name else { return nil }
            return String(pair[pair.index(after: equals)...])
        }
        return found.count == 1 ? found[0] : nil
    }

    /// Takes our cookies out of a request, so that no backend sees them.
    static func takeAway(from fields: inout FieldBlock) {
        let lines = fields.values(of: .cookie)
        guard lines.contains(where: { $0.contains("gatehouse-session") || $0.contains("gatehouse-flow-") }) else { return }
        let kept = lines.flatMap { $0.split(separator: ";") }.map { $0.trimmingPrefix(while: \.isWhitespace) }.filter { pair in
            let name = pair.hasPrefix("__Host-") ? pair.dropFirst(7) : pair
            return !name.hasPrefix("gatehouse-session=") && !name.hasPrefix("gatehouse-flow-")
        }
        fields.remove(.cookie)
        if !kept.isEmpty { fields.append(.cookie, kept.joined(separator: "; ")) }
    }

    /// A flow as the value of its cookie.
    func seal(_ flow: Flow) -> String? {
        let members: JSONObject = [
            "s": .string(flow.state), "n": .string(flow.nonce), "v": .string(flow.verifier), "t": .string(flow.target),
            "b": JSONValue(flow.begun),
        ]
        guard let sealed = try? AES.GCM.seal(JSONValue.object(members).bytes(), using: key).combined else { return nil }
        return Base64URL.string([UInt8](sealed))
    }

    /// The flow of a cookie; nil where it is not ours, or more than ten minutes old.
    func open(_ text: String, at now: Int64) -> Flow? {
        guard text.utf8.count <= 8192, let bytes = Base64URL.decode(text), let box = try? AES.GCM.SealedBox(combined: bytes),
            let plain = try? AES.GCM.open(box, using: key), let root = try? JSONDocument([UInt8](plain)).root,
            let state = root["s"]?.string, let nonce = root["n"]?.string, let verifier = root["v"]?.string,
            let target = root["t"]?.string, let begun = root["b"]?.int64, (0...600).contains(now - begun)
        else { return nil }
        return Flow(state: state, nonce: nonce, verifier: verifier, target: target, begun: begun)
    }
}

/// 256 random bits in base64url.
func randomText() -> String {
    var random = SystemRandomNumberGenerator()
    return Base64URL.string((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
}
