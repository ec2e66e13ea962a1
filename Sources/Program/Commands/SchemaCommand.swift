import ArgumentParser
import GatehouseTools
import JSONSchema

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Validate JSON by JSON Schema.",
        subcommands: [SchemaValidateCommand.self, SchemaTestCommand.self, SchemaSpeedCommand.self])
}

/// The output formats of the standard, by the names the command line takes.
private enum OutputName: String, ExpressibleByArgument, CaseIterable {
    case flag, basic, detailed

    var output: SchemaOutput {
        switch self {
        case .flag: .flag
        case .basic: .basic
        case .detailed: .detailed
        }
    }
}

struct SchemaValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Say whether JSON files are valid by a schema, and what is wrong with them.",
        discussion: """
            Drafts 2020-12, 2019-09, 7, 6 and 4, by the schema's $schema. Each error names the file, line and column, the value's \
            JSON Pointer and the keyword. References lead to files given by --with and nowhere else.

            Exit code 0 where all are valid, 1 where one is not, 2 where the schema or a file cannot be used.
            """)

    @Argument(help: "The schema's file.")
    var schema: String

    @Argument(help: "The files to validate; - is standard input.")
    var documents: [String]

    @Option(name: .customLong("with"), help: "A document that the schema refers to: URI=FILE. May be repeated.")
    var with: [String] = []

    @Flag(inversion: .prefixedNo, help: "Whether format refuses what it does not describe.")
    var formats = true

    @Option(help: "Print JSON of this kind (flag, basic, detailed) in place of sentences.")
    private var output: OutputName?

    @Option(help: "Errors to look for in one document.")
    var limit = 16

    func run() throws {
        var validation = SchemaValidation()
        validation.assertsFormats = formats
        validation.limit = limit
        validation.output = output?.output
        validation.documents = with
        do {
            guard try validation.run(schema: schema, documents: documents) else { throw ExitCode(1) }
        } catch let code as ExitCode {
            throw code
        } catch {
            print("error: \(error)")
            throw ExitCode(2)
        }
    }
}

struct SchemaTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run a folder in the form of the official JSON Schema test suite.",
        discussion: """
            Runs every JSON file in the folder and below it. A folder called draft4, draft6, draft7, draft2019-09 or draft2020-12 \
            sets the draft; below optional/format the format keyword asserts. Documents at http://localhost:1234/ are read from \
            the folder remotes beside the tests.

            Prints what failed and, last, "N passed, N failed". Exit code 0 where nothing failed, 1 otherwise.
            """)

    @Argument(help: "The folder.")
    var folder: String

    @Option(help: "The folder with the documents of http://localhost:1234/.")
    var remotes: String?

    func run() throws {
        var suite = SchemaSuite()
        suite.remotes = remotes
        guard try suite.run(folder: folder) else { throw ExitCode(1) }
    }
}

struct SchemaSpeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "speed",
        abstract: "Measure how long one core takes to compile a schema, to read a document, and to validate it.",
        discussion: "Prints a name and nanoseconds a line. Exit code 0.")

    @Argument(help: "The schema's file.")
    var schema: String

    @Argument(help: "The file to validate.")
    var document: String

    @Option(help: "Rounds in one run; the fastest of nine runs counts.")
    var rounds = 20_000

    func run() throws {
        try SchemaSpeed.printTable(schema: schema, document: document, rounds: rounds)
    }
}
