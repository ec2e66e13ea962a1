import ArgumentParser
import GatehouseTools

@main
struct Gatehouse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehouse",
        abstract: "Ten security practices in front of any backend service.",
        version: HouseVersion.line,
        subcommands: [
            RunCommand.self,
            DemoCommand.self,
            InitCommand.self,
            CheckCommand.self,
            ConfigCommand.self,
            VersionCommand.self,
            CryptoCommand.self,
            CredentialsCommand.self,
            GuardsCommand.self,
            HeadersCommand.self,
            KeysCommand.self,
            StoreCommand.self,
            LogCommand.self,
            IdentityCommand.self,
            UsersCommand.self,
            ClientsCommand.self,
            SessionsCommand.self,
            TokensCommand.self,
            APIKeysCommand.self,
            ConformanceCommand.self,
            OpenAPICommand.self,
            SchemaCommand.self,
            PolicyCommand.self,
            WafCommand.self,
        ])
}
