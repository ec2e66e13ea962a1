public import GatehouseCore

/// Where a secret is kept: `env:NAME` or `file:PATH`. The file itself never holds one.
public enum SecretReference: Sendable, Hashable, CustomStringConvertible {
    /// A variable of the program's environment.
    case environment(String)
    /// A file; a closing line break is not part of the secret.
    case file(FilePath)

    /// `env:NAME` or `file:PATH`.
    public var description: String {
        switch self {
        case .environment(let name): "env:\(name)"
        case .file(let path): "file:\(path)"
        }
    }
}

/// A secret that was read from where the configuration says it is kept.
public struct Secret: Sendable, Equatable {
    /// Where it is kept.
    public let reference: SecretReference
    /// What was found there.
    public let value: Redacted<String>

    /// A secret with its origin.
    public init(reference: SecretReference, value: Redacted<String>) {
        self.reference = reference
        self.value = value
    }
}
