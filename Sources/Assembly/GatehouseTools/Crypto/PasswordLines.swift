public import Passwords
import StrictJSON

/// Makes and checks password hashes and one-time codes, one JSON object a line.
///
/// `{"password":…}` is answered by `{"hash":…}`, `{"password":…,"hash":…}` by `{"ok":…,"rehash":…}`,
/// `{"secret":BASE32,"time":…}` by `{"code":…}`, with `"code"` beside them by `{"ok":…}`.
public struct PasswordLines: Sendable {
    /// The cost of new hashes.
    public var parameters = Argon2Parameters()

    /// Answers with the defaults.
    public init() {}

    /// The answer to one line.
    public func answer(_ line: String) -> String {
        guard let request = try? JSONValue(parsing: line) else { return #"{"ok":false}"# }
        return (request["secret"] != nil ? oneTime(request) : password(request)).serialized()
    }

    private func password(_ request: JSONValue) -> JSONValue {
        var random = SystemRandomNumberGenerator()
        guard let password = request["password"]?.string, let hasher = PasswordHasher(parameters, using: &random) else {
            return ["ok": false]
        }
        guard let text = request["hash"]?.string else {
            return hasher.hash(password, using: &random).map { ["hash": .string($0.text)] } ?? ["ok": false]
        }
        guard let stored = PHCString(text) else { return ["ok": false] }
        return switch hasher.verify(password, against: stored, using: &random) {
        case .match(let rehash): ["ok": true, "rehash": .bool(rehash != nil)]
        case .mismatch: ["ok": false]
        }
    }

    private func oneTime(_ request: JSONValue) -> JSONValue {
        guard let secret = (request["secret"]?.string).flatMap(Base32.decode), let time = request["time"]?.int64 else {
            return ["ok": false]
        }
        let hash = (request["hash"]?.string).flatMap(OneTimePassword.Hash.init(rawValue:)) ?? .sha1
        let digits = Int(request["digits"]?.int64 ?? 6)
        guard let password = OneTimePassword(secret: secret, hash: hash, digits: digits) else { return ["ok": false] }
        guard let code = request["code"]?.string else { return ["code": .string(password.code(counter: password.step(at: time)))] }
        return ["ok": .bool(password.spentStep(for: code, at: time, lastSpent: request["lastSpent"]?.int64) != nil)]
    }
}
