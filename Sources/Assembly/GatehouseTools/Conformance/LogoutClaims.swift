import JOSE
import StrictJSON

/// What a token says, before any of it is believed.
enum LogoutClaims {
    static func read(_ payload: String) -> JSONValue? { Base64URL.decode(payload).flatMap { try? JSONValue(parsing: $0) } }
}
