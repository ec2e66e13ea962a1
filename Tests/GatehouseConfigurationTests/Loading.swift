import GatehouseConfiguration

/// A loader over files in memory; the file itself is `gatehouse.yaml`.
func load(_ text: String, files: [String: String] = [:], variables: [String: String] = [:]) throws -> LoadedConfiguration {
    let files = files.merging(["gatehouse.yaml": text]) { $1 }
    return try ConfigurationLoader(file: "gatehouse.yaml", environment: .memory(files: files, variables: variables)).load()
}

/// The diagnostics of a file that must be refused.
func failure(_ text: String, files: [String: String] = [:]) -> ConfigurationFailure? {
    do {
        _ = try load(text, files: files)
        return nil
    } catch {
        return error as? ConfigurationFailure
    }
}
