import ArgumentParser
internal import Foundation
import GatehouseTools
import OpenAPI

struct OpenAPICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi",
        abstract: "Check OpenAPI descriptions and judge traffic by them.",
        subcommands: [OpenAPICheckCommand.self, OpenAPIJudgeCommand.self, OpenAPITrafficCommand.self, OpenAPISpeedCommand.self])
}

struct OpenAPICheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Load descriptions (3.0, 3.1, 3.2; YAML or JSON) and say what was understood.",
        discussion: """
            Prints for each file its version, operations, schemas, security schemes and warnings, or why and where it is refused: \
            file, line, column, reason. References to other files are followed, references to URLs are not.

            Exit code 0 where every file loads, 1 where one is refused, 2 where one cannot be read.
            """)

    @Argument(help: "Files to load.")
    var files: [String]

    @Flag(help: "Print a line for each operation.")
    var operations = false

    @Flag(help: "Print no warnings.")
    var quiet = false

    @Flag(help: "Refuse schemas that cannot be enforced whole, which otherwise is a warning.")
    var strict = false

    func run() throws {
        var check = OpenAPICheck()
        check.listsOperations = operations
        check.listsWarnings = !quiet
        check.options.refusesFaultySchemas = strict
        var code: Int32 = 0
        for file in files {
            do {
                for line in try check.describe(file) { print(line) }
            } catch let error as OpenAPIError {
                print("\(file): refused: \(error)")
                code = max(code, 1)
            } catch {
                print("\(file): cannot be read: \(error.localizedDescription)")
                code = 2
            }
        }
        if code != 0 { throw ExitCode(code) }
    }
}

struct OpenAPIJudgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge",
        abstract: "Judge requests and responses by a description, one JSON object a line.",
        discussion: """
            Reads lines such as {"method":"POST","target":"/pets?x=1","headers":{"Content-Type":"application/json"},"body":"{}"} from \
            standard input and prints for each {"verdict":…,"status":…,"operation":…,"issues":[…],"undocumented":[…]}. \
            "headers" may be an array of pairs, "body" may be {"hex":"…"}. With "response":{"status":…,"headers":{…},"body":"…"} the response \
            is judged too.

            Exit code 0 once the input has ended, whatever the answers were; 1 where the description is refused.
            """)

    @Argument(help: "The description.")
    var file: String

    @Flag(help: "Refuse query parameters that the operation does not document.")
    var refuseUnknown = false

    func run() throws {
        var options = OpenAPIOptions()
        if refuseUnknown { options.unknownQueryParameters = .refuse }
        let judge = OpenAPIJudge(try OpenAPIFiles.load(file, options: options))
        LineFilter.run(judge.answer)
    }
}

struct OpenAPITrafficCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traffic",
        abstract: "Ask a running gatehouse what traffic uses of its documents, and what it uses beside them.",
        discussion: """
            Lists per service: operations and how often they were used, operations that never were (zombies), and paths, methods, \
            parameters, properties and statuses that the document does not know (shadows), each with its count since the start.

            Exit code 0 with an answer, 1 where no gatehouse answers.
            """)

    @Option(help: "The admin listener.")
    var admin = "http://127.0.0.1:9901"

    @Option(help: "One service alone.")
    var service: String?

    @Flag(help: "Only what is undocumented or never used.")
    var findings = false

    @Flag(help: "Answer in JSON, for tools.")
    var json = false

    func run() async throws {
        var table = OpenAPITrafficTable()
        table.admin = admin
        table.service = service
        table.onlyFindings = findings
        table.asJSON = json
        try await table.run().finish()
    }
}

struct OpenAPISpeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "speed",
        abstract: "Measure loading a description and judging a request with a body of 2 KB.",
        discussion: "Prints one line for each measurement: its name, then microseconds for one. Exit code 0.")

    @Option(help: "Also measure how long this description takes to load.")
    var file: String?

    @Option(help: "Seconds for each measurement.")
    var seconds = 1.0

    func run() throws {
        try OpenAPISpeed.printTable(seconds: seconds, file: file)
    }
}
