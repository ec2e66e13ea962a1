/// Where the root key comes from, as `keys.root` says it.
public enum RootKey: Sendable, Hashable {
    /// A file of 32 random bytes, made at the first start.
    case file(FilePath)
    /// The file with the passphrase that locks a key file in the data folder.
    case passphrase(FilePath)
    /// A systemd credential.
    case credential(String)
    /// A key in a device, in the form of RFC 7512 without its scheme.
    case device(String)

    /// The setting with absolute paths.
    public var setting: String {
        switch self {
        case .file(let path): "file:\(path)"
        case .passphrase(let path): "passphrase:\(path)"
        case .credential(let name): "credential:\(name)"
        case .device(let address): "pkcs11:\(address)"
        }
    }
}

extension RootKey: ConfigurationValue {
    /// A kind and what it needs.
    public static var form: ValueForm {
        .scalar(
            ScalarForm(
                "root key", example: "passphrase:/run/secrets/gatehouse", pattern: "^(file|passphrase|credential|pkcs11):.+$"))
    }

    /// Reads the kind and what follows it; a file's path starts from the folder of the configuration.
    public static func read(_ node: YAMLNode, over inherited: Self?, with reader: inout ConfigurationReader) -> Self? {
        guard let text = node.scalar, let colon = text.firstIndex(of: ":"), text.index(after: colon) < text.endIndex else {
            reader.mismatch(node, expected: "a root key such as `passphrase:/run/secrets/gatehouse`")
            return nil
        }
        let (kind, rest) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
        switch kind {
        case "file": return .file(FilePath(reader.absolute(rest)))
        case "passphrase":
            let path = FilePath(reader.absolute(rest))
            guard reader.exists(path) else {
                reader.error("there is no file `\(path)`", at: node)
                return nil
            }
            return .passphrase(path)
        case "credential": return .credential(rest)
        case "pkcs11":
            if rest.contains("pin-value=") {
                reader.unsafe(
                    "pkcs11:…pin-value=…", because: "whoever reads this file has the PIN of the device; use `pin-source`", at: node)
            }
            return .device(rest)
        default:
            let near = nearest(to: kind, among: kinds).map { ["did you mean `\($0):`?"] } ?? []
            reader.error(
                "`\(kind.clipped)` is no kind of root key: \(kinds.map { "`\($0)`" }.joined(separator: ", ")) are", at: node, help: near)
            return nil
        }
    }

    /// The setting; a PIN in it is not shown.
    public func rows(at path: String) -> [ConfigurationRow] {
        let shown = setting.firstRange(of: "pin-value=").map { setting[..<$0.upperBound] + "…" } ?? setting[...]
        return [ConfigurationRow(path: path, value: String(shown))]
    }

    private static let kinds = ["file", "passphrase", "credential", "pkcs11"]
}
