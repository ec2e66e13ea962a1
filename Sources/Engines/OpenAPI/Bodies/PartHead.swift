/// The headers of one part of a multipart body (RFC 7578, section 4).
package struct PartHead: Sendable {
    /// By lower-case name.
    let headers: [(name: String, value: String)]
    /// The `name` of `Content-Disposition: form-data`; empty where there is none.
    package private(set) var name = ""
    /// The `filename`; nil where the part is no file.
    package private(set) var fileName: String?
    /// The part's own media type; nil where it names none.
    package private(set) var contentType: MediaType?

    /// Reads header lines, each with its CR LF, without the empty line that ends them.
    ///
    /// Refuses: folded and repeated lines, more than 16 lines, lines over 8 KiB, `filename*` in forms, transfer encodings, control
    /// characters in file names.
    package init(_ raw: ArraySlice<UInt8>, isFormData: Bool) throws(BodyFault) {
        var headers: [(name: String, value: String)] = []
        var rest = raw
        while !rest.isEmpty {
            guard let end = rest.firstIndex(of: 0x0D), end + 1 < rest.endIndex, rest[end + 1] == 0x0A else {
                throw BodyFault("a part's headers do not end")
            }
            guard headers.count < 16, end - rest.startIndex <= 8_192 else {
                throw BodyFault(OpenAPIIssue.Keyword.limit, "a part's headers are too long")
            }
            let header = try Self.header(rest[..<end])
            guard !headers.contains(where: { $0.name == header.name }) else { throw BodyFault("a part repeats a header") }
            headers.append(header)
            rest = rest[(end + 2)...]
        }
        self.headers = headers
        try describe(isFormData: isFormData)
    }

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    private static func header(_ line: ArraySlice<UInt8>) throws(BodyFault) -> (name: String, value: String) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex, line[..<colon].allSatisfy(ASCII.isToken),
            line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }),
            let value = UTF8Text.validated(ASCII.trimmed(line[(colon + 1)...]))
        else { throw BodyFault("a part's header is malformed") }
        return (ASCII.lowercased(line[..<colon]), value)
    }

    private mutating func describe(isFormData: Bool) throws(BodyFault) {
        if let text = header("content-type") {
            guard let type = MediaType(text) else { throw BodyFault("a part's content type is malformed") }
            contentType = type
        }
        if let coding = header("content-transfer-encoding"), !["7bit", "8bit", "binary"].contains(ASCII.lowercased(coding.utf8)) {
            throw BodyFault("a part has a transfer encoding, which forms do not use")
        }
        guard let disposition = header("content-disposition") else {
            if isFormData { throw BodyFault("a part has no `Content-Disposition`") }
            return
        }
        var scanner = TokenScanner(Array(disposition.utf8))
        guard let kind = scanner.token(), let parameters = scanner.parameters(), scanner.isAtEnd else {
            throw BodyFault("a part's `Content-Disposition` is malformed")
        }
        try take(parameters.map { (ASCII.lowercased($0.name.utf8), $0.value) }, isFormData: isFormData)
        if isFormData, ASCII.lowercased(kind.utf8) != "form-data" || name.isEmpty { throw BodyFault("a part has no name") }
    }

    private mutating func take(_ parameters: [(name: String, value: String)], isFormData: Bool) throws(BodyFault) {
        guard Set(parameters.map(\.name)).count == parameters.count else {
            throw BodyFault("a part's `Content-Disposition` repeats a parameter")
        }
        for (name, value) in parameters {
            switch name {
            case "name": self.name = value
            case "filename": fileName = value
            case "filename*":
                if isFormData { throw BodyFault("a part uses `filename*`, which forms must not") }
            default: break
            }
        }
        guard let fileName else { return }
        if fileName.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { throw BodyFault("a part's file name holds control characters") }
    }
}
