/// A place in rule text.
public struct SourceLocation: Sendable, Equatable, CustomStringConvertible {
    /// The file's name, as it was handed in.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, in bytes.
    public var column: Int

    /// Names a place.
    public init(file: String, line: Int, column: Int) {
        (self.file, self.line, self.column) = (file, line, column)
    }

    /// `file:line:column`
    public var description: String { "\(file):\(line):\(column)" }
}

/// Rule text that cannot be enforced as it is written.
///
/// Nothing is passed over: what the engine does not know is an error.
public struct SecLangError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where the element stands.
    public var location: SourceLocation
    /// What is wrong, in one line, lower case.
    public var reason: String

    /// Makes an error.
    public init(_ reason: String, at location: SourceLocation) {
        (self.reason, self.location) = (reason, location)
    }

    /// `file:line:column: reason`
    public var description: String { "\(location): \(reason)" }
}

/// A reason without a place; whoever knows the place adds it.
struct Complaint: Error, Equatable {
    var reason: String
    /// Where in the argument, in bytes.
    var offset = 0

    init(_ reason: String, offset: Int = 0) { (self.reason, self.offset) = (reason, offset) }
}
