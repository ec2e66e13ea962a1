/// What a document may cost to load; every limit refuses, none cuts off.
public struct DocumentLimits: Sendable {
    /// Bytes of one file. Default 32 MiB.
    public var fileBytes = 32 << 20
    /// Bytes of all files together. Default 64 MiB.
    public var totalBytes = 64 << 20
    /// Files that references may draw in, the first included. Default 256.
    public var files = 256
    /// Nesting of objects and arrays. Default 200.
    public var depth = 200
    /// Values in one file with every YAML alias written out. Default 4,000,000.
    public var nodes = 4_000_000
    /// Operations. Default 20,000.
    public var operations = 20_000

    /// The defaults.
    public init() {}
}
