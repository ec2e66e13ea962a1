import ArgumentParser
import GatehouseConfiguration
import GatehouseTools

/// Where the house keeps its data.
struct DataOptions: ParsableArguments {
    @Option(
        name: [.customShort("c"), .customLong("config")],
        help: ArgumentHelp("The house's configuration file; gatehouse.yaml where there is one.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The data folder, where the configuration is not to be asked; data by default.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("The store: a folder or postgres://…; the data folder by default.", valueName: "setting"))
    var store: String?

    @Option(
        help: ArgumentHelp(
            "The root key: file:…, passphrase:…, credential:… or pkcs11:…; file:DATA/root.key by default.", valueName: "setting"))
    var root: String?

    var folder: DataFolder {
        get throws {
            do {
                return try DataFolder.found(config: config, data: data, store: store, root: root)
            } catch let failure as ConfigurationFailure {
                try ToolResult(complaint: failure.report, status: 2).finish()
                throw ExitCode(2)
            }
        }
    }
}

struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Back up and restore what is stored.",
        subcommands: [BackUp.self, Restore.self])

    struct BackUp: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "backup",
            abstract: "Copy the whole store into one file while it is in use.",
            discussion: """
                The file is as sealed as the store: it opens with the same root key, which is not in it. It can be restored into SQLite and \
                PostgreSQL alike.

                Exit code 0 when the file is whole, else 1.
                """)

        @OptionGroup var options: DataOptions
        @Argument(help: "The file to write.") var file: String

        func run() async throws { try await StoreTool(options.folder).backUp(to: file).finish() }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fill a new store from a backup.",
            discussion:
                "Refuses a store that has data, and a file that was cut off or changed. Exit code 0 when all rows are there, else 1.")

        @OptionGroup var options: DataOptions
        @Argument(help: "The file to read.") var file: String

        func run() async throws { try await StoreTool(options.folder).restore(from: file).finish() }
    }
}

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "List, rotate and retire the keys that seal what is stored.",
        subcommands: [List.self, Rotate.self, Rewrap.self, Retire.self, MoveRoot.self])

    /// Which key.
    struct Name: ParsableArguments {
        @Argument(help: "The kind: key-encryption, record, deterministic, index, format or signing.") var kind: String
        @Argument(help: "The purpose, such as identity.contact.") var purpose: String
        @Option(help: "Whose data it protects, where there are several tenants.") var tenant = ""
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show every version of every key: its uses, how many stored values still need it, and its last use.",
            discussion: "Exit code 0, or 1 where the store cannot be opened.")

        @OptionGroup var options: DataOptions

        func run() async throws { try await StoreTool(options.folder).listKeys().finish() }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new version of a key, which seals from then on; older ones go on opening.",
            discussion: "Takes effect at once on every node. Exit code 0, or 1 where there is no such key.")

        @OptionGroup var options: DataOptions
        @OptionGroup var name: Name

        func run() async throws {
            try await StoreTool(options.folder).rotate(kind: name.kind, purpose: name.purpose, tenant: name.tenant).finish()
        }
    }

    struct Rewrap: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Seal every stored value anew that an older version of its key sealed.",
            discussion: "May be stopped at any moment and run again while the house runs. Exit code 0 when nothing is left, else 1.")

        @OptionGroup var options: DataOptions

        func run() async throws { try await StoreTool(options.folder).rewrap().finish() }
    }

    struct Retire: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Destroy a version of a key.",
            discussion: "Refuses the version that seals, and one that a stored value still needs. Exit code 0 when it is destroyed, else 1."
        )

        @OptionGroup var options: DataOptions
        @OptionGroup var name: Name
        @Argument(help: "The version.") var version: UInt32

        func run() async throws {
            try await StoreTool(options.folder).retire(kind: name.kind, purpose: name.purpose, tenant: name.tenant, version: version)
                .finish()
        }
    }

    struct MoveRoot: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "move-root",
            abstract: "Wrap all keys under the root key that --root names; the former one is not needed afterwards.",
            discussion: "One transaction: all keys move or none. Exit code 0, or 1 where a key cannot be opened.")

        @OptionGroup var options: DataOptions
        @Option(help: ArgumentHelp("The former root key.", valueName: "setting")) var from: String

        func run() async throws { try await StoreTool(options.folder).moveRoot(from: from).finish() }
    }
}
