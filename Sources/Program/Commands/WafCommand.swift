import ArgumentParser
import Foundation
import GatehouseConfiguration
import GatehouseFirewall
import GatehouseTools

/// `gatehouse waf …`: looks at, tries and measures the rules of the web application firewall.
struct WafCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waf",
        abstract: "Look at, try and measure the rules of the web application firewall.",
        subcommands: [Rules.self, Test.self, Regression.self, Explain.self, Exclude.self, Replay.self, Bench.self, Proof.self])

    /// Which rules.
    struct RuleOptions: ParsableArguments {
        @Option(help: "A configuration file, whose `waf` settings and event file are taken.")
        var config: String?

        @Option(help: "The service of the configuration whose rules are meant; that of the event, or the only one, where none is named.")
        var service: String?

        @Option(help: "A folder of the Core Rule Set; the package modsecurity-crs where none is named.")
        var rules: String?

        @Option(help: "A file of settings or exclusions, read before the Core Rule Set. May be given again.")
        var before: [String] = []

        @Option(help: "A file of own rules, read behind the Core Rule Set. May be given again.")
        var after: [String] = []

        @Option(help: "Paranoia level, 1 to 4.")
        var level: Int?

        func described(for event: WafEvent? = nil) throws -> WafRules {
            guard let config else { return WafRules(folder: rules, before: before, after: after, paranoiaLevel: level) }
            guard rules == nil, before.isEmpty, after.isEmpty, level == nil else {
                throw ValidationError("with `--config` the rules are those of the file")
            }
            let place = event.flatMap { $0.service.isEmpty ? nil : $0.service }
            return try WafRules(ConfigurationLoader(file: config).load().configuration, service: service ?? place, route: event?.route)
        }

        /// The file of events: the one that is named, or that of the configuration.
        func events(_ named: String?) throws -> String {
            if let named { return named }
            guard let config else { throw ValidationError("name a file of events with `--events`, or a configuration with `--config`") }
            guard let file = try ConfigurationLoader(file: config).load().configuration.events.file else {
                throw ValidationError("`\(config)` names no file of events")
            }
            return file.path.path
        }
    }
}

extension WafCommand {
    struct Rules: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List rules: id, phase, paranoia level, severity, what they look for.")

        @OptionGroup var options: RuleOptions

        @Option(help: "Only rules whose id, message or tags hold this text.")
        var search: String?

        func run() throws {
            for line in WafReports.rules(try options.described().compile(), search: search, level: options.level) { print(line) }
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run one raw HTTP request through the rules.",
            discussion: "Exit status: 0 the request passes, 3 it is refused, 1 a file cannot be read.")

        @Argument(help: "A file that holds the request as it would be sent.")
        var request: String

        @OptionGroup var options: RuleOptions

        func run() throws {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: request))
            let result = WafReports.test(Array(bytes), rules: try options.described().compile())
            for line in result.lines { print(line) }
            if result.isRefused { throw ExitCode(3) }
        }
    }

    struct Regression: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run regression tests of the Core Rule Set (ftw or go-ftw files) through the rules.",
            discussion: "Exit status: 0 all tests pass, 3 some fail, 1 a file cannot be read.")

        @Argument(help: "A YAML file of tests, or a folder of them.")
        var path: String

        @Option(help: "A folder of the Core Rule Set that the tests belong to; the package modsecurity-crs where none is named.")
        var rules: String?

        @Flag(help: "Sends them over sockets, through a gateway in report mode that is started before a small backend.")
        var throughGateway = false

        @Option(help: "The suite's name in the last line.")
        var name = "crs-tests"

        func run() async throws {
            let summary =
                try await throughGateway
                ? GatewayRegression(rules: rules, program: "/proc/self/exe").run(path: path)
                : RegressionRun(rules: RegressionRun.rules(folder: rules)).run(path: path)
            for name in summary.failed { print("failed: \(name)") }
            print("conformance \(name): \(summary.line)")
            if !summary.failed.isEmpty { throw ExitCode(3) }
        }
    }

    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say why a request was refused: the rules that scored, what they saw, the smallest exclusion.")

        @Argument(help: "The incident's id.")
        var id: String

        @Option(help: "A file of events, one JSON object a line.")
        var events: String?

        @OptionGroup var options: RuleOptions

        func run() throws {
            let event = try WafCommand.event(id, in: options.events(events))
            guard event.matches.isEmpty, event.verdict.isEmpty, let request = event.request else {
                return event.lines.forEach { print($0) }
            }
            for line in WafExplanation(request, rules: try options.described(for: event).compile()).lines { print(line) }
        }
    }

    struct Exclude: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the exclusion that lets a recorded request pass, once it is sure that attacks on its path do not.",
            discussion: "Exit status: 0 there are lines, or none are needed; 3 there is no safe exclusion.")

        @Argument(help: "The incident's id.")
        var id: String

        @Option(help: "A file of events, one JSON object a line.")
        var events: String?

        @Option(help: "The file that the lines are added to; printed where none is named.")
        var write: String?

        @Option(help: "The rule id of the first line; the first that the file does not use yet where none is named.")
        var firstID: Int?

        @OptionGroup var options: RuleOptions

        func run() throws {
            let event = try WafCommand.event(id, in: options.events(events))
            guard let request = event.request else {
                throw ValidationError("the request of `\(id)` was not kept: `guards.waf.record` says which are")
            }
            if !event.isBodyWhole { print("note: not all of the request's body was kept, so more than this may be needed") }
            let present = write.flatMap { try? String(contentsOfFile: $0, encoding: .utf8) } ?? ""
            let excluder = WafExcluder(rules: try options.described(for: event))
            switch try excluder.exclude(request, firstID: firstID ?? WafExcluder.freeID(in: present)) {
            case .passesAlready: print("the request passes already")
            case .lines(let lines): try output(lines, behind: present)
            case .opensTheDoor(let attacks):
                print("no safe exclusion: these attacks would pass as well: \(attacks.joined(separator: ", "))")
                throw ExitCode(3)
            case .staysRefused(let reason):
                print("no exclusion lets the request pass: \(reason)")
                throw ExitCode(3)
            }
        }

        private func output(_ lines: [String], behind present: String) throws {
            guard let write else { return lines.forEach { print($0) } }
            try (present + lines.joined(separator: "\n") + "\n").write(toFile: write, atomically: true, encoding: .utf8)
            print("added \(lines.count) lines to \(write)")
        }
    }

    struct Replay: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run recorded requests through today's rules and candidates: what would change.")

        @Argument(help: "A file of events, one JSON object a line.")
        var events: String

        @Option(help: "A folder of the candidate Core Rule Set; the same as today's where none is named.")
        var candidate: String?

        @Option(help: "A candidate file of settings or exclusions. May be given again.")
        var candidateBefore: [String] = []

        @OptionGroup var options: RuleOptions

        func run() throws {
            let current = try options.described()
            var next = current
            if let candidate { next.use(folder: candidate) }
            next.add(before: candidateBefore)
            let recorded = try WafEvent.read(String(contentsOfFile: events, encoding: .utf8))
            for line in WafReports.replay(WafReplay(current: try current.compile(), candidate: try next.compile()).run(recorded)) {
                print(line)
            }
        }
    }

    struct Bench: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Measure what the rules cost for each request, in this process.")

        @Option(help: "How many requests of each kind.")
        var count = 2_000

        @OptionGroup var options: RuleOptions

        func run() throws {
            for line in WafReports.bench(WafBench(rules: try options.described().compile()).run(count: max(1, count))) { print(line) }
        }
    }

    struct Proof: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Try the rules' regular expressions and generated requests: no match hidden, no time overrun unnoticed.",
            discussion: "Exit status: 0 all is well, 3 something failed.")

        @Option(help: "How many generated values for each regular expression.")
        var inputs = 10_000

        @Option(help: "The length in bytes of the values that are made to be slow.")
        var length = 65_536

        @Option(help: "How many generated requests.")
        var requests = 100_000

        @OptionGroup var options: RuleOptions

        func run() throws {
            let proof = WafProof(rules: try options.described().compile())
            var isGood = true
            for check in [{ proof.filter(inputs: inputs) }, { proof.time(length: length) }, { proof.requests(requests) }] {
                let result = check()
                for line in result.failed.prefix(50) { print("failed: \(line)") }
                print(result.line)
                if !result.failed.isEmpty { isGood = false }
            }
            if !isGood { throw ExitCode(3) }
        }
    }

    static func event(_ id: String, in path: String) throws -> WafEvent {
        let events = try WafEvent.read(String(contentsOfFile: path, encoding: .utf8))
        guard let event = events.first(where: { $0.id == id }) else {
            throw ValidationError("no event of the `waf` guard in `\(path)` has the id `\(id)`")
        }
        return event
    }
}
