/// Decides when to read a configuration again: a file has changed and then stood still from one look to the next.
///
/// Whoever runs it looks at an interval, a second say, and tells how each attempt ended. A refused file is not tried again until it,
/// or a file that it names, changes once more.
public struct ConfigurationWatch: Sendable {
    private var files: [TrackedFile]
    private var changing: [FileStamp?]?

    /// A watch over the files of a configuration that is in force.
    public init(_ loaded: LoadedConfiguration) { files = loaded.files }

    /// Looks at the files.
    ///
    /// - Returns: true where it is time to read them again.
    public mutating func look(in environment: ConfigurationEnvironment = .process) -> Bool {
        let stamps = files.map { environment.stamp($0.path) }
        guard stamps != files.map(\.stamp) else {
            changing = nil
            return false
        }
        defer { changing = stamps }
        return changing == stamps
    }

    /// Another configuration is in force.
    public mutating func took(_ loaded: LoadedConfiguration) {
        files = loaded.files
        changing = nil
    }

    /// The files were read and refused: they are watched as they now are, beside those in force.
    public mutating func refused(_ failure: ConfigurationFailure) {
        let others = files.filter { file in !failure.files.contains { $0.path == file.path } }
        files = failure.files + others
        changing = nil
    }
}
