/// What a gate needs of bodies where no document says what they are.
package enum BodyReading {
    /// Undoes the codings of a body.
    ///
    /// - Parameters:
    ///   - lines: the lines of `Content-Encoding`.
    ///   - limit: bytes of output at most; growth beyond 64 KiB is limited to a hundredfold.
    /// - Returns: nil where a coding is not known.
    /// - Throws: that the bytes are not what their coding says, or open to too much.
    package static func open(_ bytes: [UInt8], codings lines: [String], limit: Int) throws(BodyFault) -> [UInt8]? {
        guard let codings = ContentCoding.codings(lines) else { return nil }
        do throws(ContentCodingFault) {
            return try ContentCoding.decode(bytes, codings, limits: ContentCodingLimits(outputBytes: limit, ratio: 100))
        } catch {
            throw error == .tooLarge
                ? BodyFault(OpenAPIIssue.Keyword.limit, "the body opens to more than is read")
                : BodyFault("the body is not what its content coding says")
        }
    }

    /// Reads XML to its end and keeps nothing.
    package static func checkXML(_ bytes: [UInt8], depth: Int, elements: Int) throws(BodyFault) {
        var reader = XMLReader(bytes, depth: depth, elements: elements)
        _ = try reader.read()
    }

    /// Reads an urlencoded form: names and values that decode to UTF-8 without NUL, and how many there are.
    package static func checkForm(_ bytes: [UInt8], fields: Int) throws(BodyFault) {
        let pairs: QueryString
        do throws(QueryString.Fault) { pairs = try QueryString(bytes[...], limit: fields) } catch {
            throw BodyFault(error.issue.keyword, error.issue.reason)
        }
        for pair in pairs.pairs {
            guard let text = Percent.decodeText(pair.raw, plus: .space), !text.utf8.contains(0) else {
                throw BodyFault(OpenAPIIssue.Keyword.encoding, "a value's percent-encoding or UTF-8 is broken")
            }
        }
    }
}
