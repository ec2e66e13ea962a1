/// Where encoded events go; called on the pipeline's thread only.
public protocol EventOutput: Sendable {
    /// Takes whole lines.
    func write(_ lines: [UInt8])
    /// Nothing more comes.
    func close()
}
