import ArgumentParser
import GatehouseTools

struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Check, prove and search the audit log.",
        subcommands: [Verify.self, Prove.self, Check.self, Search.self, Export.self, Vectors.self, Speed.self])

    /// Which log, and by whose key.
    struct Source: ParsableArguments {
        @Option(help: ArgumentHelp("The log's folder, such as a copy of data/audit/log.", valueName: "folder"))
        var log: String?

        @Option(help: ArgumentHelp("The log's public key, as in data/audit/log.vkey.", valueName: "vkey"))
        var key: String?
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check every byte of a log with its public key alone.",
            discussion: """
                Recomputes the tree and compares every tile, bundle and signature. Give a checkpoint that you kept with --known: without one, \
                an older copy of the whole log, or another history signed with the same key, cannot be told from the log.

                Exit code 0 for a good log, 1 for one that was changed, with the file that does not fit.
                """)

        @OptionGroup var options: DataOptions
        @OptionGroup var source: Source
        @Option(help: ArgumentHelp("A signed checkpoint that was kept elsewhere; may be given again.", valueName: "file")) var known:
            [String] = []
        @Option(help: ArgumentHelp("The key of a witness that must have cosigned; may be given again.", valueName: "vkey")) var witness:
            [String] = []

        func run() async throws {
            try await LogTool(options.folder).verify(log: source.log, key: source.key, known: known, witnesses: witness).finish()
        }
    }

    struct Prove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a proof that an entry is in the log.",
            discussion:
                "The proof is in the form of C2SP tlog-proof; the entry itself goes to standard error. Exit code 0, or 1 for an index beyond the log."
        )

        @OptionGroup var options: DataOptions
        @OptionGroup var source: Source
        @Argument(help: "The entry's index.") var index: UInt64

        func run() async throws { try await LogTool(options.folder).prove(log: source.log, key: source.key, index: index).finish() }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a proof that `gatehouse log prove` printed.", discussion: "Exit code 0 when the proof holds, else 1.")

        @OptionGroup var options: DataOptions
        @OptionGroup var source: Source
        @Argument(help: "The file with the proof.") var proof: String
        @Argument(help: "The entry, hexadecimal.") var entry: String

        func run() async throws { try await LogTool(options.folder).check(proof: proof, entry: entry, key: source.key).finish() }
    }

    /// Which events.
    struct Filter: ParsableArguments {
        @Option(name: .customLong("class"), help: "login, decision, key-use, configuration, administration or automatic-action.") var kind:
            String?
        @Option(help: "The earliest time, milliseconds since 1970.") var since: Int64?
        @Option(help: "The time to stop before, milliseconds since 1970.") var until: Int64?
        @Option(help: "Text that stands in the event.") var text = ""

        var query: LogTool.Query { get throws { try LogTool.Query(kind: kind, since: since, until: until, text: text) } }
    }

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open the events that fit and print each as a line of JSON.",
            discussion: "Needs the store and the root key. Exit code 0, or 1 where an event does not open.")

        @OptionGroup var options: DataOptions
        @OptionGroup var filter: Filter

        func run() async throws { try await LogTool(options.folder).search(filter.query, includesSalt: false) { print($0) }.finish() }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print events with salt and commitment, so that others can check what they say.",
            discussion: """
                The commitment of an entry is SHA-256 of salt and payload. With `gatehouse log prove` an auditor can check an exported \
                event against the tree without the keys. Exit code 0, or 1 where an event does not open.
                """)

        @OptionGroup var options: DataOptions
        @OptionGroup var filter: Filter

        func run() async throws { try await LogTool(options.folder).search(filter.query, includesSalt: true) { print($0) }.finish() }
    }

    struct Vectors: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run files of inclusion and consistency proofs in the form of transparency-dev's Merkle vectors.",
            discussion: "Exit code 0 when all are judged as they should be, else 1.")

        @Argument(help: "The files.") var files: [String]

        func run() throws { try LogTool.vectors(files).finish() }
    }

    struct Speed: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure what an event in the audit log and a sealed record cost.",
            discussion: "Works in a temporary folder. Exit code 0.")

        @Option(help: "How many events.") var events = 100_000

        func run() async throws { try await LogSpeed.printTable(events: events).finish() }
    }
}
