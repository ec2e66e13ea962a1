/// Feeds hostile bytes to the loader: whatever they are, it answers with a configuration or with diagnostics, and both print.
///
/// - Returns: true where the bytes were a good file.
@discardableResult
public func fuzzConfiguration(_ bytes: [UInt8]) -> Bool {
    let loader = ConfigurationLoader(
        file: "gatehouse.yaml", environment: .memory(files: ["./list": "10.0.0.0/8\n"], variables: ["SECRET": "x"]))
    do {
        let loaded = try loader.load(bytes)
        _ = loaded.policy(for: PolicyQuestion(scheme: "https", host: "example.com", path: "/a/b", method: "GET")).report
        return true
    } catch {
        _ = error.report
        return false
    }
}
