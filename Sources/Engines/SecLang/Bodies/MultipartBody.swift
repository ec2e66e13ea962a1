/// Reads a `multipart/form-data` body (RFC 7578) as strictly as ModSecurity 2.9: every oddity is flagged or refused.
struct MultipartBody {
    /// No line of a part's headers may be longer, in bytes.
    static let headerLineLimit = 4_096

    private(set) var parts: [MultipartPart] = []
    private(set) var flags: MultipartFlags
    /// The bytes of the body that are no uploaded file.
    private(set) var lengthWithoutFiles = 0

    private let boundary: Slice
    private let fileLimit: Int
    private let partLimit: Int
    private let arena: Arena

    private var part: MultipartPart?
    private var headers: [(name: Slice, value: Slice)] = []
    private var lastLine: Slice?
    private var inHeaders = true
    private var hasReadData = false
    private var contentStart = 0
    private var boundaryCount = 0
    private var isComplete = false
    private var files = 0
    private var endsWithLF = false

    init(boundary: Slice, flags: MultipartFlags, fileLimit: Int, partLimit: Int, arena: Arena) {
        (self.boundary, self.flags, self.fileLimit, self.partLimit, self.arena) = (boundary, flags, fileLimit, partLimit, arena)
    }

    /// - Throws: `BodyFailure`; what was read before stays.
    mutating func read(_ body: Slice) throws(BodyFailure) {
        guard !body.isEmpty else { return }
        do throws(BodyFailure) {
            try lines(body)
            if !isComplete {
                throw BodyFailure(
                    reason: boundaryCount > 0 ? "Multipart: Final boundary missing." : "Multipart: No boundaries found in payload.")
            }
        } catch {
            flags.insert(.error)
            throw error
        }
    }

    private mutating func lines(_ body: Slice) throws(BodyFailure) {
        var position = 0
        while position < body.count {
            let end = body.firstIndex(of: 10, from: position).map { $0 + 1 } ?? body.count
            let line = body.part(position, end)
            if isComplete {
                flags.insert(.dataAfter)
                return
            }
            try take(line, in: body, at: position, isLast: end == body.count)
            endsWithLF = line.count > 0 && line[line.count - 1] == 10 && !(line.count > 1 && line[line.count - 2] == 13)
            position = end
        }
    }

    private mutating func take(_ line: Slice, in body: Slice, at position: Int, isLast: Bool) throws(BodyFailure) {
        if line.count > 2, line[0] == 45, line[1] == 45 {
            if line.suffix(from: 2).starts(with: boundary) {
                if try takeBoundary(line, in: body, at: position, isLast: isLast) { return }
            } else {
                try checkNearBoundary(line)
            }
        } else {
            lookForBoundary(inside: line)
        }
        guard part != nil else {
            flags.insert(.dataBefore)
            return
        }
        if inHeaders { try takeHeader(line, next: position + line.count) } else { takeData(line) }
    }

    /// Tells whether the line was a boundary; where part data should begin it counts as data.
    private mutating func takeBoundary(_ line: Slice, in body: Slice, at position: Int, isLast: Bool) throws(BodyFailure) -> Bool {
        if endsWithLF { flags.insert(.lfLine) }
        var rest = line.suffix(from: 2 + boundary.count)
        let isFinal = rest.count >= 2 && rest[0] == 45 && rest[1] == 45
        if isFinal { rest = rest.suffix(from: 2) }
        let endsWithoutLine = isFinal && isLast && rest.isEmpty
        if !hasReadData, boundaryCount > 0 {
            flags.insert(.invalidPart)
            if !endsWithoutLine { return false }
        } else if !endsWithoutLine {
            guard rest.count == 1 && rest[0] == 10 || rest.count == 2 && rest[0] == 13 && rest[1] == 10 else {
                throw BodyFailure(reason: "Multipart: Invalid boundary: \(line.trimmed.text)")
            }
            flags.insert(rest.count == 1 ? .lfLine : .crlfLine)
        }
        finishPart(in: body, end: position)
        boundaryCount += 1
        isComplete = isFinal
        guard !isFinal else { return true }
        guard parts.count < partLimit else { throw BodyFailure(reason: "Multipart: More than \(partLimit) parts.") }
        part = MultipartPart()
        headers = []
        lastLine = nil
        inHeaders = true
        hasReadData = false
        return true
    }

    private func checkNearBoundary(_ line: Slice) throws(BodyFailure) {
        if flags.contains(.boundaryQuoted), line.count > 3, line[2] == 34, line.suffix(from: 3).starts(with: boundary) {
            throw BodyFailure(reason: "Multipart: Invalid boundary (quotes).")
        }
        var start = 2
        while start < line.count, isSpace(line[start]) { start += 1 }
        if start > 2, line.suffix(from: start).starts(with: boundary) {
            throw BodyFailure(reason: "Multipart: Invalid boundary (whitespace).")
        }
    }

    private mutating func lookForBoundary(inside line: Slice) {
        var index = 0
        while index + 1 < line.count {
            if line[index] == 45, line[index + 1] == 45, line.suffix(from: index + 2).starts(with: boundary) {
                flags.insert(.unmatchedBoundary)
                return
            }
            index += 1
        }
    }

    private mutating func takeData(_ line: Slice) {
        hasReadData = true
        if part?.isFile == false { lengthWithoutFiles += line.count }
    }

    private mutating func finishPart(in body: Slice, end: Int) {
        guard var finished = part else { return }
        part = nil
        guard finished.name != nil, !inHeaders else {
            flags.insert(.invalidPart)
            return
        }
        var contentEnd = max(contentStart, end)
        if contentEnd > contentStart, body[contentEnd - 1] == 10 { contentEnd -= 1 }
        if contentEnd > contentStart, contentEnd < end, body[contentEnd - 1] == 13 { contentEnd -= 1 }
        finished.content = body.part(contentStart, contentEnd)
        if finished.isFile {
            files += 1
            if files > fileLimit { flags.insert(.fileLimitExceeded) }
        }
        parts.append(finished)
    }
}

extension MultipartBody {
    private mutating func takeHeader(_ line: Slice, next: Int) throws(BodyFailure) {
        guard line.count <= Self.headerLineLimit, line.count > 0, line[line.count - 1] == 10 else {
            throw BodyFailure(reason: "Multipart: Part header line over \(Self.headerLineLimit) bytes long")
        }
        guard line.firstIndex(of: 0) == nil else { throw BodyFailure(reason: "Multipart: Nul byte in part headers.") }
        lengthWithoutFiles += line.count
        let endsWithCR = line.count > 1 && line[line.count - 2] == 13
        flags.insert(endsWithCR ? .crlfLine : .lfLine)
        let content = line.part(0, line.count - (endsWithCR ? 2 : 1))
        if content.isEmpty {
            try endHeaders()
            contentStart = next
        } else if isSpace(content[0]) {
            try fold(content)
        } else {
            try takeNewHeader(content)
        }
    }

    private mutating func endHeaders() throws(BodyFailure) {
        keepLastLine()
        guard let disposition = headers.first(where: { $0.name.equalsIgnoringCase("Content-Disposition") })?.value else {
            throw BodyFailure(reason: "Multipart: Part missing Content-Disposition header.")
        }
        var reader = ContentDisposition(text: disposition, arena: arena)
        let outcome = reader.read()
        if reader.hasInvalidQuoting { flags.insert(.invalidQuoting) }
        if let code = outcome { throw BodyFailure(reason: "Multipart: Invalid Content-Disposition header (\(code)): \(disposition.text).") }
        guard let name = reader.name else { throw BodyFailure(reason: "Multipart: Content-Disposition header missing name field.") }
        part?.name = name
        part?.fileName = reader.fileName
        if reader.fileName != nil, disposition.range(of: arena.copy("filename=")) == nil {
            throw BodyFailure(reason: "Multipart: Invalid Content-Disposition header (filename).")
        }
        inHeaders = false
        hasReadData = false
    }

    private mutating func fold(_ content: Slice) throws(BodyFailure) {
        flags.insert(.headerFolding)
        var start = 0
        while start < content.count, isSpace(content[start]) {
            if content[start] != 9, content[start] != 32 { flags.insert(.invalidHeaderFolding) }
            start += 1
        }
        guard let last = headers.indices.last else { throw BodyFailure(reason: "Multipart: Invalid part header (folding error).") }
        let joined = join(headers[last].value, " ", content.suffix(from: start))
        guard joined.count <= Self.headerLineLimit else { throw BodyFailure(reason: "Multipart: Part header too long.") }
        headers[last].value = joined
        lastLine = join(headers[last].name, ": ", joined)
    }

    private mutating func takeNewHeader(_ content: Slice) throws(BodyFailure) {
        keepLastLine()
        lastLine = content
        guard let colon = content.firstIndex(of: UInt8(ascii: ":")) else {
            throw BodyFailure(reason: "Multipart: Invalid part header (colon missing): \(content.text).")
        }
        guard colon > 0 else { throw BodyFailure(reason: "Multipart: Invalid part header (header name missing).") }
        let name = content.part(0, colon)
        var start = colon + 1
        while start < content.count, content[start] == 9 || content[start] == 32 { start += 1 }
        guard !headers.contains(where: { $0.name.equalsIgnoringCase(name) }) else {
            throw BodyFailure(reason: "Multipart: Duplicate part header: \(name.text).")
        }
        headers.append((name, content.suffix(from: start)))
    }

    private mutating func keepLastLine() {
        if let line = lastLine { part?.headerLines.append(line) }
        lastLine = nil
    }

    private func join(_ left: Slice, _ middle: StaticString, _ right: Slice) -> Slice {
        arena.write(capacity: left.count + middle.utf8CodeUnitCount + right.count) { output in
            output.append(left)
            output.append(middle)
            output.append(right)
        }
    }
}
