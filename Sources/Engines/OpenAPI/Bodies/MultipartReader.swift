/// Cuts a multipart body into its parts (RFC 2046, section 5.1; RFC 7578).
///
/// Refuses what readers take differently: text before the first or after the last boundary, lines without CR LF, a missing end, header
/// lines that are folded or repeated, `Content-Transfer-Encoding` other than `7bit`, `8bit` and `binary`.
struct MultipartReader {
    struct Part {
        let head: PartHead
        let body: ArraySlice<UInt8>

        var name: String { head.name }
        var contentType: MediaType? { head.contentType }

        func header(_ name: String) -> String? { head.header(name) }
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
        var rest = raw
        while !rest.starts(with: [0x0D, 0x0A]) {
            guard let end = rest.firstIndex(of: 0x0D), end + 1 < rest.endIndex, rest[end + 1] == 0x0A else {
                throw BodyFault("a part's headers do not end")
            }
            rest = rest[(end + 2)...]
        }
        return Part(head: try PartHead(raw[..<rest.startIndex], isFormData: isFormData), body: rest.dropFirst(2))
    }
}
