internal import Envelope
internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseKeys
internal import TransparencyLog

/// Looks at what the house stands on: how well the root key is kept, and whether what it needs is there.
struct GroundCheck {
    let loaded: LoadedConfiguration
    let environment: ConfigurationEnvironment

    private var configuration: Configuration { loaded.configuration }

    /// The root key in one sentence; the weakest kind is named as such.
    var rootKey: String {
        switch configuration.rootKey {
        case .file(let path):
            "root key: the generated file `\(path)`, the weakest kind: whoever copies it opens all that is stored (`keys.root` names others)"
        case .passphrase(let path): "root key: locked by the passphrase in `\(path)`"
        case .credential(let name): "root key: the systemd credential `\(name)`"
        case .device: "root key: in a device, by PKCS#11"
        }
    }

    /// How well the root key is kept, as one word for tools.
    var strength: String {
        switch configuration.rootKey {
        case .file: "beside_the_data"
        case .passphrase, .credential: "apart"
        case .device: "device"
        }
    }

    /// Errors.
    var findings: [Diagnostic] { ofRootKey + ofWitnesses }

    private var ofWitnesses: [Diagnostic] {
        configuration.audit.witnesses.enumerated().compactMap { index, witness in
            guard (try? NoteKey(witness.key))?.kind != .witness else { return nil }
            return loaded.diagnostic(.error, "`\(witness.key)` is not the key of a witness", at: "audit.witnesses[\(index)].key")
        }
    }

    private var ofRootKey: [Diagnostic] {
        let root = configuration.rootKey
        do {
            let source = try RootKeySource(setting: root.setting, dataFolder: configuration.data.path)
            if case .pkcs11(let address) = source, environment.stamp(address.modulePath) == nil {
                return [loaded.diagnostic(.error, "there is no PKCS#11 module `\(address.modulePath)`", at: "keys.root")]
            }
        } catch {
            return [loaded.diagnostic(.error, error.reason, at: "keys.root")]
        }
        switch root {
        case .file(let path), .passphrase(let path): return openFile(path).map { [$0] } ?? []
        case .credential, .device: return []
        }
    }

    /// Refuses: a file with a key or passphrase that others may read.
    private func openFile(_ path: FilePath) -> Diagnostic? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path.path)
        guard let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue, mode & 0o077 != 0 else { return nil }
        return loaded.diagnostic(
            .error, "`\(path)` may be read by others (mode \(String(mode, radix: 8)))", at: "keys.root", help: ["chmod 600 \(path)"])
    }
}
