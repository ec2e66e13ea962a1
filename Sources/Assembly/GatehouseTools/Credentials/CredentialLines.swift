internal import Foundation
internal import Passwords

/// Makes lines of the files that `api_keys.file` and `basic.file` name.
public enum CredentialLines {
    /// What a name may do, as it stands behind the hash.
    public struct Attributes: Sendable {
        /// Scopes, groups and roles, each separated by commas.
        public var scopes = "", groups = "", roles = ""
        /// The last day, such as `2027-01-31`.
        public var expires = ""

        /// Nothing.
        public init() {}

        var text: String {
            [("scopes", scopes), ("groups", groups), ("roles", roles), ("expires", expires)].filter { !$0.1.isEmpty }
                .map { " \($0.0)=\($0.1)" }.joined()
        }
    }

    /// A new API key, and the line that knows it by its hash.
    public static func key(_ name: String, _ attributes: Attributes) -> (secret: String, line: String) {
        guard let format = SecretFormat(prefix: "gatekey_") else { preconditionFailure("a prefix of the source is wrong") }
        var random = SystemRandomNumberGenerator()
        let secret = format.generate(using: &random)
        let digits = secret.hash.map { String(UInt16($0) + 256, radix: 16).suffix(2) }.joined()
        return (secret.text, "\(name) sha256:\(digits)\(attributes.text)")
    }

    /// The line that knows a password by its Argon2id hash; nil where there is no memory for it.
    public static func password(_ name: String, _ password: String, _ attributes: Attributes) -> String? {
        var random = SystemRandomNumberGenerator()
        guard let hasher = PasswordHasher(using: &random), let hash = hasher.hash(password, using: &random) else { return nil }
        return "\(name) \(hash.text)\(attributes.text)"
    }
}
