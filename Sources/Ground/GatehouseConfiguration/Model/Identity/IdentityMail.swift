public import GatehouseCore

/// How mail is sent: by one of three ways.
public struct IdentityMail: Sendable, Equatable {
    /// The sender's address.
    public var from = ""
    /// A mail server.
    public var smtp: SMTPServer?
    /// A program that takes messages on standard input, as `sendmail -t` does.
    public var sendmail: FilePath?
    /// A folder into which messages are written, for development.
    public var folder: FilePath?

    /// No way yet.
    public init() {}
}

extension IdentityMail: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "mail" }
    /// What it is for.
    public static var about: String { "How mail is sent: by exactly one of `smtp`, `sendmail` and `folder`." }

    /// Its keys.
    public static var keys: [ConfigurationKey<IdentityMail>] {
        [
            ConfigurationKey("from", \.from, "The sender's address.", isRequired: true),
            ConfigurationKey("smtp", \.smtp, "A mail server."),
            ConfigurationKey(
                "sendmail", \.sendmail.existing, "A program that takes messages on standard input, called as `sendmail -t -i`."),
            ConfigurationKey(
                "folder", \.folder, "A folder into which messages are written, for development.",
                risk: Risk("a folder", because: "whoever can read it can take over every account") { $0 != nil }),
        ]
    }

    /// Checks that there is one way, and an address.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard [smtp != nil, sendmail != nil, folder != nil].count(where: { $0 }) == 1 else {
            return reader.error("exactly one of `smtp`, `sendmail` and `folder` is needed", at: node)
        }
        guard from.contains("@"), from.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") })
        else {
            return reader.error("`\(from)` is no mail address", at: node["from"] ?? node)
        }
    }
}

/// A mail server.
public struct SMTPServer: Sendable, Equatable {
    /// Encryption.
    public enum Security: String, Sendable, CaseIterable, ConfigurationChoice {
        /// From the first byte.
        case tls
        /// By STARTTLS, which must be offered.
        case startTLS = "starttls"
        /// None.
        case none
    }

    /// Host and port; default `localhost:587`.
    public var server = Endpoint(host: "localhost", port: 587)
    /// Encryption; default STARTTLS.
    public var security = Security.startTLS
    /// CA certificates (PEM) to trust in place of the system's.
    public var ca: FilePath?
    /// The account.
    public var user: String?
    /// The account's password, by reference.
    public var password: Secret?

    /// This machine.
    public init() {}
}

extension SMTPServer: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "smtp" }
    /// What it is for.
    public static var about: String { "A mail server (RFC 5321) that takes our messages." }

    /// Its keys.
    public static var keys: [ConfigurationKey<SMTPServer>] {
        [
            ConfigurationKey("server", \.server, "Its host and port.", isRequired: true),
            ConfigurationKey(
                "security", \.security, "Encryption: from the first byte, by STARTTLS, which must be offered, or none.",
                risk: Risk("`none`", because: "links that set passwords travel in the clear") { $0 == .none }),
            ConfigurationKey("ca", \.ca.existing, "CA certificates (PEM) to trust in place of the system's."),
            ConfigurationKey("user", \.user, "The account."),
            ConfigurationKey("password", \.password, "The account's password, by reference."),
        ]
    }

    /// Checks that account and password come together, and never without encryption.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if (user == nil) != (password == nil) { reader.error("`user` and `password` go together", at: node) }
        if user != nil, security == .none, !server.isLoopback { reader.error("a password is not sent without encryption", at: node) }
    }
}
