/// What validation does beyond what the schema says.
public struct SchemaOptions: Sendable, Hashable {
    /// The dialect where `$schema` is missing; 2020-12.
    public var dialect = Dialect.draft202012
    /// Whether `format` refuses what it does not describe: nil follows the dialect, in which formats are annotations
    /// unless a metaschema turns the assertion on. Gates to a backend should say true.
    public var assertsFormats: Bool?
    /// Whether `contentEncoding` and `contentMediaType` refuse strings that are not what they say; false.
    public var assertsContent = false
    /// Steps that a pattern may take on one string where it has back references; a million. Other patterns run in linear time.
    public var regexSteps = 1_000_000
    /// Nesting of subschemas on one way through a value; 1,000. A value that leads deeper is not valid.
    public var depth = 1_000
    /// Subschemas applied in one validation; ten million. A value that needs more is not valid: schemas that try the same
    /// part under several branches can need a number that doubles with each level of the value.
    public var steps = 10_000_000
    /// Subschemas in one program; a million.
    public var schemas = 1_000_000

    /// The defaults.
    public init() {}
}
