/// What a command has to say and how it ends; printing and exiting are the program's.
public struct ToolResult: Sendable, Equatable {
    /// For standard output.
    public var output: String
    /// For standard error.
    public var complaint: String
    /// The exit code.
    public var status: Int32

    /// A result; by default a good one.
    public init(output: String = "", complaint: String = "", status: Int32 = 0) {
        self.output = output
        self.complaint = complaint
        self.status = status
    }
}
