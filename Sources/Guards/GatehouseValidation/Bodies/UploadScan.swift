internal import OpenAPI

/// Reads a form with files as it streams by, and keeps no more of it than one boundary or the headers of one part.
///
/// A value: each piece of the body is shown to ``read(_:)`` in order, then ``end()`` says whether it was whole.
struct UploadScan: Sendable {
    private enum Place { case opening, boundaryEnd, headers, content, epilogue }

    private static let headLimit = 16 * 1024
    private let rules: UploadRules
    /// CR LF, two dashes and the boundary.
    private let delimiter: [UInt8]
    private var place = Place.opening
    /// Bytes that were not decided on yet.
    private var kept: [UInt8] = []
    private var parts = 0
    private var head: PartHead?
    /// The first bytes of the part, until there are enough to tell what it is.
    private var beginning: [UInt8] = []
    private var partBytes = 0

    /// nil where the media type names no boundary.
    init?(_ type: MediaType, _ rules: UploadRules) {
        guard let boundary = type[parameter: "boundary"], (1...70).contains(boundary.utf8.count), boundary.utf8.last != 0x20 else {
            return nil
        }
        delimiter = Array("\r\n--".utf8) + Array(boundary.utf8)
        self.rules = rules
    }

    /// Takes the next bytes of the body.
    mutating func read(_ bytes: some Sequence<UInt8>) throws(BodyFinding) {
        kept.append(contentsOf: bytes)
        var index = 0
        while try step(&index) {}
        kept.removeFirst(index)
    }

    /// The body is over.
    func end() throws(BodyFinding) {
        guard place == .epilogue, kept.isEmpty || kept == [0x0D, 0x0A] else { throw malformed("the last boundary is missing") }
    }

    /// Takes one piece off what is kept; false where more bytes are needed.
    private mutating func step(_ index: inout Int) throws(BodyFinding) -> Bool {
        switch place {
        case .opening: return try opening(&index)
        case .boundaryEnd: return try boundaryEnd(&index)
        case .headers: return try headers(&index)
        case .content: return try content(&index)
        case .epilogue:
            guard kept.count - index <= 2 else { throw malformed("bytes follow the last boundary") }
            return false
        }
    }

    private mutating func opening(_ index: inout Int) throws(BodyFinding) -> Bool {
        let wanted = delimiter.dropFirst(2)
        guard kept.count - index >= wanted.count else { return false }
        guard kept[index...].starts(with: wanted) else { throw malformed("the body does not start with its boundary") }
        index += wanted.count
        place = .boundaryEnd
        return true
    }

    private mutating func boundaryEnd(_ index: inout Int) throws(BodyFinding) -> Bool {
        guard kept.count - index >= 2 else { return false }
        let two = kept[index..<index + 2]
        index += 2
        if two.elementsEqual("--".utf8) {
            place = .epilogue
            return true
        }
        guard two.elementsEqual([0x0D, 0x0A]) else { throw malformed("a boundary is not followed by a line end") }
        parts += 1
        guard parts <= rules.parts else { throw BodyFinding(400, "multipart_limit", "the body has more than \(rules.parts) parts") }
        place = .headers
        return true
    }

    private mutating func headers(_ index: inout Int) throws(BodyFinding) -> Bool {
        let end = find([0x0D, 0x0A, 0x0D, 0x0A], from: index)
        guard (end ?? kept.count) - index <= Self.headLimit else {
            throw BodyFinding(400, "multipart_limit", "a part's headers are too long")
        }
        guard let end else { return false }
        let raw = kept[index..<end + 2]
        do throws(BodyFault) { head = try PartHead(raw, isFormData: true) } catch { throw malformed(error.reason) }
        if let head { try rules.check(head) }
        index = end + 4
        (beginning, partBytes) = ([], 0)
        place = .content
        return true
    }

    /// Everything up to the next delimiter is content; what may be the start of one waits.
    private mutating func content(_ index: inout Int) throws(BodyFinding) -> Bool {
        if let end = find(delimiter, from: index) {
            try take(kept[index..<end])
            try judgeBeginning(isWhole: true)
            index = end + delimiter.count
            place = .boundaryEnd
            return true
        }
        let sure = max(index, kept.count - delimiter.count + 1)
        try take(kept[index..<sure])
        try judgeBeginning(isWhole: false)
        index = sure
        return false
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) throws(BodyFinding) {
        partBytes += bytes.count
        if let limit = rules.partLimit, partBytes > limit {
            throw BodyFinding(413, "part_length", "a part is longer than \(limit) bytes")
        }
        if beginning.count < FileSignature.length { beginning += bytes.prefix(FileSignature.length - beginning.count) }
    }

    private mutating func judgeBeginning(isWhole: Bool) throws(BodyFinding) {
        guard let head, head.fileName?.isEmpty == false, isWhole || beginning.count == FileSignature.length else { return }
        guard isWhole && partBytes == 0 || rules.begins(beginning[...], as: head.contentType) else {
            throw BodyFinding(415, "file_signature", "a file does not begin as its media type does")
        }
        self.head = nil
    }

    private func find(_ needle: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + needle.count <= kept.count {
            guard let next = kept[index...].firstIndex(of: 0x0D), next + needle.count <= kept.count else { return nil }
            if kept[next..<(next + needle.count)].elementsEqual(needle) { return next }
            index = next + 1
        }
        return nil
    }

    private func malformed(_ reason: String) -> BodyFinding { BodyFinding(400, "multipart", reason) }
}
