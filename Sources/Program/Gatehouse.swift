import ArgumentParser

@main
struct Gatehouse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehouse",
        abstract: "Ten security practices in front of any backend service.",
        subcommands: [
            RunCommand.self,
            CryptoCommand.self,
            OpenAPICommand.self,
        ])
}
