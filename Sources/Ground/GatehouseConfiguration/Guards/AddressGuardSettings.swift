public import GatehouseCore

/// Allow and deny lists of the true client's address.
public struct AddressGuardSettings: Sendable, Equatable {
    /// Default `enforce`.
    public var mode = GuardMode.enforce
    /// Where not empty, only these networks are let in.
    public var allow: [CIDRBlock] = []
    /// These networks are refused, even where `allow` has them.
    public var deny: [CIDRBlock] = []
    /// Files of further networks to allow, one a line; read and watched.
    public var allowFiles: [AddressFile] = []
    /// Files of further networks to refuse, one a line; read and watched.
    public var denyFiles: [AddressFile] = []

    /// Everyone is let in.
    public init() {}

    /// All networks to allow, from the file and the lists it names.
    public var allAllowed: [CIDRBlock] { allow + allowFiles.flatMap(\.blocks) }
    /// All networks to refuse, from the file and the lists it names.
    public var allDenied: [CIDRBlock] { deny + denyFiles.flatMap(\.blocks) }
}

extension AddressGuardSettings: GuardSettings {
    /// Its name in the documentation.
    public static var title: String { "addresses guard" }
    /// What it is for.
    public static var about: String { "Allow and deny lists of the true client's address." }

    /// Its keys.
    public static var keys: [ConfigurationKey<AddressGuardSettings>] {
        [
            modeKey(\.mode),
            ConfigurationKey("allow", \.allow, "Where not empty (files counted), only these networks are let in."),
            ConfigurationKey("deny", \.deny, "These networks are refused, even where `allow` has them."),
            ConfigurationKey("allow_files", \.allowFiles, "Files of networks to allow, one a line; watched."),
            ConfigurationKey("deny_files", \.denyFiles, "Files of networks to refuse, one a line; watched."),
        ]
    }
}

/// A file of networks, one a line; `#` begins a comment.
public struct AddressFile: Sendable, Equatable {
    /// The file.
    public var path: FilePath
    /// What it held when the configuration was loaded.
    public var blocks: [CIDRBlock]

    /// A file with its content.
    public init(path: FilePath, blocks: [CIDRBlock]) {
        self.path = path
        self.blocks = blocks
    }
}
