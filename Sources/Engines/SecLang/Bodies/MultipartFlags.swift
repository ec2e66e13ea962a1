/// What was odd about a multipart body; each is a variable of the language (`MULTIPART_…`).
struct MultipartFlags: OptionSet, Sendable {
    let rawValue: Int

    static let error = MultipartFlags(rawValue: 1)
    static let boundaryQuoted = MultipartFlags(rawValue: 1 << 1)
    static let boundaryWhitespace = MultipartFlags(rawValue: 1 << 2)
    static let dataBefore = MultipartFlags(rawValue: 1 << 3)
    static let dataAfter = MultipartFlags(rawValue: 1 << 4)
    static let headerFolding = MultipartFlags(rawValue: 1 << 5)
    static let lfLine = MultipartFlags(rawValue: 1 << 6)
    static let crlfLine = MultipartFlags(rawValue: 1 << 7)
    static let missingSemicolon = MultipartFlags(rawValue: 1 << 8)
    static let invalidQuoting = MultipartFlags(rawValue: 1 << 9)
    static let invalidPart = MultipartFlags(rawValue: 1 << 10)
    static let invalidHeaderFolding = MultipartFlags(rawValue: 1 << 11)
    static let fileLimitExceeded = MultipartFlags(rawValue: 1 << 12)
    static let unmatchedBoundary = MultipartFlags(rawValue: 1 << 13)

    /// Any of these and `MULTIPART_STRICT_ERROR` is 1.
    static let strict: MultipartFlags = [
        .error, .boundaryQuoted, .boundaryWhitespace, .dataBefore, .dataAfter, .headerFolding, .lfLine, .missingSemicolon, .invalidQuoting,
        .invalidPart, .invalidHeaderFolding, .fileLimitExceeded,
    ]
}

/// One part of a multipart body.
struct MultipartPart {
    var name: Slice?
    var fileName: Slice?
    /// The header lines as they came, folded ones joined.
    var headerLines: [Slice] = []
    var content = Slice.empty

    var isFile: Bool { fileName != nil }
}

/// Why a body cannot be read.
struct BodyFailure: Error, Equatable {
    var reason: String
}
