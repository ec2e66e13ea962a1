/// Cuts a multipart body into its parts (RFC 2046, section 5.1; RFC 7578).
///
/// Refuses what readers take differently: text before the first or after the last boundary, lines without CR LF, a missing end, header
/// lines that are folded or repeated, `Content-Transfer-Encoding` other than `7bit`, `8bit` and `binary`.
struct MultipartReader {
    struct Part {
        /// By lower-case name.
        let headers: [(name: String, value: String)]
        let body: ArraySlice<UInt8>
        /// The `name` of `Content-Disposition: form-data`; empty where there is none.
        var name = ""
        var fileName: String?
        var contentType: MediaType?

        func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    }

    private let bytes: [UInt8]
    private let delimiter: [UInt8]
    private let isFormData: Bool
    private let limit: Int

    /// - Parameter limit: parts at most.
    init(_ bytes: [UInt8], contentType: MediaType, limit: Int) throws(BodyFault) {
        guard let boundary = contentType[parameter: "boundary"], (1...70).contains(boundary.utf8.count), boundary.utf8.last != 0x20 else {
            throw BodyFault("the content type names no boundary of 1 to 70 characters")
        }
        self.bytes = bytes
        delimiter = Array("--".utf8) + Array(boundary.utf8)
        isFormData = contentType.subtype == "form-data"
        self.limit = limit
    }

    func parts() throws(BodyFault) -> [Part] {
        guard bytes.starts(with: delimiter) else { throw BodyFault("the body does not start with its boundary") }
        var result: [Part] = []
        var position = delimiter.count
        while true {
            if try isEnd(position) { return result }
            guard hasLineEnd(position) else { throw BodyFault("a boundary is not followed by a line end") }
            guard result.count < limit else { throw BodyFault(OpenAPIIssue.Keyword.limit, "the body has more than \(limit) parts") }
            let start = position + 2
            guard let end = find([0x0D, 0x0A] + delimiter, from: max(start - 2, 0)) else { throw BodyFault("the last boundary is missing") }
            guard end >= start else { throw BodyFault("a part has no headers") }
            result.append(try part(bytes[start..<end]))
            position = end + 2 + delimiter.count
        }
    }

    /// `--` and nothing but a line end after it.
    private func isEnd(_ position: Int) throws(BodyFault) -> Bool {
        guard bytes[position...].starts(with: Array("--".utf8)) else { return false }
        let rest = bytes[(position + 2)...]
        guard rest.isEmpty || rest.elementsEqual([0x0D, 0x0A]) else { throw BodyFault("bytes follow the last boundary") }
        return true
    }

    private func hasLineEnd(_ position: Int) -> Bool {
        position + 1 < bytes.count && bytes[position] == 0x0D && bytes[position + 1] == 0x0A
    }

    private func find(_ needle: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + needle.count <= bytes.count {
            guard let next = bytes[index...].firstIndex(of: 0x0D), next + needle.count <= bytes.count else { return nil }
            if bytes[next..<(next + needle.count)].elementsEqual(needle) { return next }
            index = next + 1
        }
        return nil
    }

    // MARK: One part

    private func part(_ raw: ArraySlice<UInt8>) throws(BodyFault) -> Part {
        var headers: [(name: String, value: String)] = []
        var rest = raw
        while !rest.starts(with: [0x0D, 0x0A]) {
            guard let end = rest.firstIndex(of: 0x0D), end + 1 < rest.endIndex, rest[end + 1] == 0x0A else {
                throw BodyFault("a part's headers do not end")
            }
            guard headers.count < 16, end - rest.startIndex <= 8_192 else {
                throw BodyFault(OpenAPIIssue.Keyword.limit, "a part's headers are too long")
            }
            let header = try header(rest[..<end])
            guard !headers.contains(where: { $0.name == header.name }) else { throw BodyFault("a part repeats a header") }
            headers.append(header)
            rest = rest[(end + 2)...]
        }
        return try described(Part(headers: headers, body: rest.dropFirst(2)))
    }

    private func header(_ line: ArraySlice<UInt8>) throws(BodyFault) -> (name: String, value: String) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex, line[..<colon].allSatisfy(ASCII.isToken),
            line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }),
            let value = UTF8Text.validated(ASCII.trimmed(line[(colon + 1)...]))
        else { throw BodyFault("a part's header is malformed") }
        return (ASCII.lowercased(line[..<colon]), value)
    }

    private func described(_ bare: Part) throws(BodyFault) -> Part {
        var part = bare
        if let text = part.header("content-type") {
            guard let type = MediaType(text) else { throw BodyFault("a part's content type is malformed") }
            part.contentType = type
        }
        if let coding = part.header("content-transfer-encoding"), !["7bit", "8bit", "binary"].contains(ASCII.lowercased(coding.utf8)) {
            throw BodyFault("a part has a transfer encoding, which forms do not use")
        }
        guard let disposition = part.header("content-disposition") else {
            if isFormData { throw BodyFault("a part has no `Content-Disposition`") }
            return part
        }
        var scanner = TokenScanner(Array(disposition.utf8))
        guard let kind = scanner.token(), let parameters = scanner.parameters(), scanner.isAtEnd else {
            throw BodyFault("a part's `Content-Disposition` is malformed")
        }
        try describe(&part, parameters.map { (ASCII.lowercased($0.name.utf8), $0.value) })
        if isFormData, ASCII.lowercased(kind.utf8) != "form-data" || part.name.isEmpty { throw BodyFault("a part has no name") }
        return part
    }

    private func describe(_ part: inout Part, _ parameters: [(name: String, value: String)]) throws(BodyFault) {
        guard Set(parameters.map(\.name)).count == parameters.count else {
            throw BodyFault("a part's `Content-Disposition` repeats a parameter")
        }
        for (name, value) in parameters {
            switch name {
            case "name": part.name = value
            case "filename": part.fileName = value
            case "filename*":
                if isFormData { throw BodyFault("a part uses `filename*`, which forms must not") }
            default: break
            }
        }
        guard let file = part.fileName else { return }
        if file.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { throw BodyFault("a part's file name holds control characters") }
    }
}
