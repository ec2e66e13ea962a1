/// The keys that seal what is stored.
public struct Keys: Sendable, Equatable {
    /// Where the root key comes from; nil: a file in the data folder, made at the first start.
    public var root: RootKey?
    /// The age at which a data key gets a new version by itself; zero: never. Default one year.
    public var rotateAfter = Duration.seconds(365 * 86_400)

    /// A generated file.
    public init() {}
}

extension Keys: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "keys" }
    /// What it is for.
    public static var about: String { "Where the root key comes from, and when the keys below it get new versions." }

    /// Its keys.
    public static var keys: [ConfigurationKey<Keys>] {
        [
            ConfigurationKey(
                "root", \.root,
                "Where the root key comes from: `file:PATH` (made at the first start), `passphrase:PATH` (locks a key file in the data folder), "
                    + "`credential:NAME` (of systemd) or `pkcs11:token=…;object=…?module-path=…&pin-source=…` (in a device).",
                defaultText: "file:DATA/root.key", risk: weakness),
            ConfigurationKey(
                "rotate_after", \.rotateAfter,
                "The age at which a key that seals gets a new version by itself, and what it sealed is sealed anew; `0` for never. "
                    + "A version near the end of its uses is replaced in any case."),
        ]
    }

    private static var weakness: Risk<RootKey?> {
        Risk("`file:`", because: "whoever copies the file has the key to all that is stored; it is the weakest kind of root key") {
            if case .file = $0 { true } else { false }
        }
    }
}
