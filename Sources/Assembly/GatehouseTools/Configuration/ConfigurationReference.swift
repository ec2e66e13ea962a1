internal import GatehouseConfiguration
internal import StrictJSON

/// `gatehouse config schema` and `gatehouse config docs`: what the file may hold, for editors and for people.
public enum ConfigurationReference {
    /// The JSON Schema (2020-12) of the file.
    public static var schema: ToolResult { ToolResult(output: Configuration.jsonSchema.serialized(.pretty) + "\n") }

    /// The reference page in Markdown.
    public static var page: ToolResult { ToolResult(output: Configuration.referencePage) }
}
