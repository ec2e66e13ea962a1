import ArgumentParser
import GatehouseTools

struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Decide by Cedar policies, and check, review and translate them.",
        discussion: "Exit codes: 0 done, allowed or valid; 1 failure; 2 denied, or something differs; 3 not valid.",
        subcommands: [
            PolicyAuthorize.self, PolicyValidate.self, PolicyFormat.self, PolicyTranslate.self, PolicyLink.self,
            PolicyExplain.self, PolicyMatrix.self, PolicyTest.self, PolicyDiff.self, PolicyReplay.self, PolicyBenchmark.self,
            PolicyCaseLines.self,
        ])
}

/// The files that most policy commands read.
struct PolicyFileOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "File of policies: Cedar text, or the JSON policy format.")
    var policies: String

    @Option(name: .shortAndLong, help: "File of entities in JSON.")
    var entities: String?

    @Option(name: .shortAndLong, help: "File of a schema: Cedar syntax, or JSON.")
    var schema: String?

    var files: PolicyCommands.Files { PolicyCommands.Files(policies: policies, entities: entities, schema: schema) }
}

/// One request.
struct RequestOptions: ParsableArguments {
    @Option(help: "File with one request in JSON: principal, action, resource and context.")
    var request: String?

    @Option(name: [.customShort("l"), .long], help: "The principal, such as 'User::\"alice\"'.")
    var principal: String?

    @Option(name: .shortAndLong, help: "The action, such as 'Action::\"view\"'.")
    var action: String?

    @Option(name: .shortAndLong, help: "The resource, such as 'Document::\"d1\"'.")
    var resource: String?

    @Option(name: .shortAndLong, help: "The context: JSON, or a file of it.")
    var context: String?

    var one: OneRequest {
        OneRequest(file: request, principal: principal, action: action, resource: resource, context: context)
    }
}

/// Runs a command and ends with its code; what is thrown is printed and ends with 1.
private func finish(_ body: (PolicyCommands) throws -> Int32) throws {
    let code: Int32
    do {
        code = try body(PolicyCommands())
    } catch {
        throw ValidationFailure(description: "\(error)")
    }
    if code != 0 { throw ExitCode(code) }
}

/// Printed as it is, with exit code 1.
private struct ValidationFailure: Error, CustomStringConvertible {
    let description: String
}

struct PolicyAuthorize: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authorize",
        abstract: "Decide requests.",
        discussion: """
            One request by its parts or from a file with --request: exit code 0 allow, 2 deny. With --requests all requests of a \
            file (a list, or an object with "requests"), one line each: {"decision":…,"reason":[…],"errors":[…]}, or \
            {"error":"why"} for a request that must be refused; exit code 0. Without --policies it reads cases from standard input, \
            as `gatehouse policy cases` does.
            """)

    @Option(name: .shortAndLong, help: "File of policies: Cedar text, or the JSON policy format.")
    var policies: String?

    @Option(name: .shortAndLong, help: "File of entities in JSON.")
    var entities: String?

    @Option(name: .shortAndLong, help: "File of a schema: Cedar syntax, or JSON.")
    var schema: String?

    @OptionGroup var request: RequestOptions

    @Option(help: "File with several requests.")
    var requests: String?

    func run() throws {
        guard let policies else { return LineFilter.run(PolicyCases().answer) }
        let files = PolicyCommands.Files(policies: policies, entities: entities, schema: schema)
        try finish { commands in
            try requests.map { try commands.authorize(files, requests: $0) } ?? commands.authorize(files, request.one)
        }
    }
}

struct PolicyValidate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check policies against a schema, strictly.",
        discussion: "Exit code 0 valid; 3 where policies or schema are not valid; 1 where a file cannot be read.")

    @OptionGroup var files: PolicyFileOptions

    @Flag(help: "Permissive validation, which the reference counts as experimental.")
    var permissive = false

    @Option(help: "Most entities that a policy may read in a row (level validation).")
    var level: Int?

    func run() throws { try finish { try $0.validate(files.files, permissive: permissive, level: level) } }
}

struct PolicyFormat: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "format", abstract: "Write policy text in one layout, comments kept.",
        discussion: "Prints the text. With --check only the exit code tells: 0 formatted, 2 not.")

    @Argument(help: "File of Cedar text; - for standard input.")
    var file: String

    @Option(help: "Columns of a line.")
    var width = 80

    @Option(help: "Spaces of one step.")
    var indent = 2

    @Flag(help: "Only tell whether the file is formatted.")
    var check = false

    @Flag(help: "Write the file itself.")
    var write = false

    func run() throws {
        try finish { try $0.format(file, width: width, indent: indent, check: check, inPlace: write) }
    }
}

/// What `translate` writes, as its option spells it.
enum TranslationTarget: String, ExpressibleByArgument, CaseIterable {
    case policyJSON = "policy-json"
    case policyText = "policy-text"
    case schemaJSON = "schema-json"
    case schemaText = "schema-text"

    var form: TranslationForm {
        switch self {
        case .policyJSON: .policyJSON
        case .policyText: .policyText
        case .schemaJSON: .schemaJSON
        case .schemaText: .schemaText
        }
    }
}

struct PolicyTranslate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "translate", abstract: "Write policies or a schema in the other form.",
        discussion: "Either form is read. Exit code 0, or 1 where the other form cannot say it.")

    @Argument(help: "File of policies or of a schema; - for standard input.")
    var file: String

    @Option(help: "What to write.")
    var to: TranslationTarget

    func run() throws { try finish { try $0.translate(file, to: to.form) } }
}

struct PolicyLink: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Fill the slots of a template and print the set in the JSON policy format.")

    @Option(name: .shortAndLong, help: "File of policies.")
    var policies: String

    @Option(help: "Id of the template, such as policy0.")
    var template: String

    @Option(help: "Id of the new policy.")
    var id: String

    @Argument(help: "Values such as '?principal=User::\"alice\"'.")
    var values: [String]

    func run() throws { try finish { try $0.link(policies, template: template, as: id, arguments: values) } }
}

struct PolicyExplain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Tell for each policy why it applied to a request or not.",
        discussion: "Names the first clause that failed and the values it saw. Exit code 0 allow, 2 deny.")

    @OptionGroup var files: PolicyFileOptions
    @OptionGroup var request: RequestOptions

    @Option(help: "A decision's id in the log of --log, in place of a request: the value of Gatehouse-Decision.")
    var decision: String?

    @Option(help: "The gateway's decision log.")
    var log: String?

    @Flag(help: "Also policies whose scope does not match.")
    var all = false

    @Flag(help: "JSON instead of lines.")
    var json = false

    func run() throws {
        try finish { commands in
            guard let decision, let log else { return try commands.explain(files.files, request.one, all: all, json: json) }
            return try commands.explain(files.files, decision: decision, log: log, all: all, json: json)
        }
    }
}

struct PolicyTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run a table of expected decisions, with coverage for each policy and clause.",
        discussion: """
            The table is a list of {"name":…,"request":{…},"decision":"allow","reason":[…]}. Exit code 0 where all hold and the \
            coverage reaches --minimum, else 2.
            """)

    @OptionGroup var files: PolicyFileOptions

    @Option(help: "File of expectations.")
    var tests: String

    @Option(help: "Percent of policies and clauses that must be seen both true and false.")
    var minimum = 0.0

    @Flag(help: "List what was not seen both true and false.")
    var uncovered = false

    func run() throws {
        try finish { try $0.test(files.files, tests: tests, minimum: minimum, listUncovered: uncovered) }
    }
}

struct PolicyDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "List policies added, removed or changed between two sets.",
        discussion: "Policies are told apart by @id. Exit code 0 where there is no difference, else 2.")

    @Argument(help: "The former set.")
    var before: String

    @Argument(help: "The new set.")
    var after: String

    func run() throws { try finish { try $0.diff(before, after) } }
}

struct PolicyReplay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Run logged decisions against a candidate set and list those that flip.",
        discussion: """
            The log is the gateway's decision log, or has one JSON object a line: {"principal":…,"action":…,"resource":…,"context":…,"decision":…,"reason":[…]}. \
            Exit code 0 without flips, else 2.
            """)

    @OptionGroup var files: PolicyFileOptions

    @Option(help: "File of logged decisions.")
    var log: String

    @Flag(help: "Count an allow as deny where a forbid could not be evaluated.")
    var failClosed = false

    func run() throws { try finish { try $0.replay(files.files, log: log, failClosed: failClosed) } }
}

struct PolicyBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure decisions over policy sets of growing size.")

    @Option(parsing: .upToNextOption, help: "Policies of each set.")
    var sizes = [3, 100, 1_000, 10_000]

    @Option(help: "Seconds for each set.")
    var seconds = 1.0

    @Flag(help: "One JSON object a line.")
    var json = false

    @Option(help: "Print the input of a set of this size instead, for a peer.")
    var input: Int?

    func run() throws {
        try finish { try input.map($0.benchInput) ?? $0.bench(sizes: sizes, seconds: seconds, json: json) }
    }
}

struct PolicyCaseLines: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cases", abstract: "Answer whole cases, one JSON object a line.",
        discussion: """
            {"policies":…,"entities":…,"schema":…,"requests":…} is answered by {"valid":true,"results":[…]}; each piece is a path, \
            a text or JSON in place. "want" lists translations to add: policyJSON, formatted, schemaJSON, schemaText, permissive, issues. \
            Exit code 0 once the input has ended.
            """)

    func run() {
        let cases = PolicyCases()
        LineFilter.run(cases.answer)
    }
}

struct PolicyMatrix: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "matrix", abstract: "Tell for every route, method and role what the policies of a service permit.",
        discussion: """
            Routes come from the service's OpenAPI document and its authorization section. Each cell says: allow; deny; depends, where the \
            request or the resource decides; step-up, where a stronger login or another scope would be needed. Exit code 0; 1 where the \
            configuration cannot be used; 2 where --expect names a file that says otherwise.
            """)

    @OptionGroup var file: ConfigurationFile

    @Option(help: "The service, where several have policies.")
    var service: String?

    @Option(name: .customLong("role"), help: "A role; may be given several times. A user without roles is always among the columns.")
    var roles: [String] = []

    @Flag(help: "JSON instead of a table.")
    var json = false

    @Option(help: "A file of an earlier matrix in JSON to compare with.")
    var expect: String?

    func run() throws {
        try finish { _ in
            try AuthorizationMatrixCommand(file: file.path, service: service, roles: roles).run(json: json, expected: expect)
        }
    }
}
