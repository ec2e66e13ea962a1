import ArgumentParser
import Foundation
import GatehouseTools

struct HeadersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "headers",
        abstract: "Look at the security headers of a site.",
        subcommands: [HeadersGradeCommand.self])
}

struct HeadersGradeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grade",
        abstract: "Grade a site's headers by the Mozilla HTTP Observatory's scoring and say what mends them.",
        discussion: """
            Asks the address over https and http, follows redirects, and prints for each of twelve tests the points, why, and the line \
            of gatehouse.yaml that mends it. Nothing is sent to anyone but the site.

            Exit code 0 for a site that was graded, 1 for one below `--minimum`, 2 when it cannot be asked.
            """)

    @Argument(help: "The site's address, such as https://example.com or http://127.0.0.1:8080/items.")
    var url: String

    @Flag(help: "Print one JSON object instead of the table.")
    var json = false

    @Option(help: "The least score that is good enough, for scripts.")
    var minimum = 0

    @Option(help: "Trust the authorities of this PEM file in place of the system's.")
    var authorities: String?

    func run() async throws {
        do {
            let report = try await HeaderReport(of: url, authorities: authorities, time: Int64(Date().timeIntervalSince1970))
            print(json ? report.json : report.table, terminator: "")
            if report.score < minimum { throw ExitCode(1) }
        } catch let failure as HeaderReport.Failure {
            FileHandle.standardError.write(Data("\(failure)\n".utf8))
            throw ExitCode(2)
        }
    }
}
