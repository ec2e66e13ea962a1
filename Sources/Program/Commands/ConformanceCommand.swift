import ArgumentParser
import GatehouseTools

struct ConformanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance",
        abstract: "Test a deployment against the suites of a standard.",
        subcommands: [OpenID.self])

    struct OpenID: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "openid",
            abstract: "Run the OpenID Foundation's modules against any provider, by HTTP.",
            discussion: """
                The plan is a JSON file in the form of the Foundation's suite: server.discoveryUrl, client, client2, client_secret_post, browser; \
                beside it redirect_uri, post_logout_redirect_uri and backchannel_port. For a Gatehouse `user` may stand in place of `browser`.

                Basic 38 modules, Config 1, Form Post 38, RP-initiated logout 11, back-channel logout 2. One module waits for 30 seconds.

                Exit code 0 when every module passed, 1 when one failed, 2 when the provider or the plan cannot be used.
                """)

        @Argument(help: "The plan.") var plan: String
        @Option(help: "Only modules whose names contain this.") var only: String?
        @Option(help: "Modules at a time.") var width = 6

        func run() async throws { try await OpenIDConformance.run(planFile: plan, filter: only, width: width).finish() }
    }
}
