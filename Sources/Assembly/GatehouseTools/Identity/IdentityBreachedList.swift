import GatehouseIdentitySite

/// Makes filters of lists of breached passwords.
public enum IdentityBreachedList {
    /// Reads digests and writes the filter.
    public static func make(of digests: String, into filter: String) -> ToolResult {
        do {
            let count = try BreachedPasswords.makeFilter(of: digests, into: filter)
            return count == 0
                ? ToolResult(complaint: "`\(digests)` holds no digest\n", status: 1)
                : ToolResult(output: "\(count) passwords in `\(filter)`\n")
        } catch {
            return ToolResult(complaint: "\(error)\n", status: 1)
        }
    }
}
