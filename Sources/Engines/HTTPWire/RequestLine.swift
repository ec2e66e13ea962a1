/// Takes `METHOD target HTTP/1.x` apart (RFC 9112, section 3).
enum RequestLine {
    /// Fills method, target, authority and version of a head.
    ///
    /// Assumes: the line's end is cut off. Exactly one space stands between the parts.
    static func parse(_ line: Span<UInt8>, into head: inout RequestHead, targetLimit: Int) throws(WireError) {
        guard let methodEnd = index(of: ASCII.space, in: line, from: 0), methodEnd > 0, methodEnd <= 32 else {
            throw WireError(.badRequestLine, "no method of 1 to 32 letters")
        }
        guard let targetEnd = index(of: ASCII.space, in: line, from: methodEnd + 1), targetEnd > methodEnd + 1 else {
            throw WireError(.badRequestLine, "no target and version")
        }
        head.version = try version(line.extracting(targetEnd + 1..<line.count))
        head.method = try method(line.extracting(0..<methodEnd))
        let target = line.extracting(methodEnd + 1..<targetEnd)
        guard target.count <= targetLimit else { throw WireError(.targetTooLong, "target of \(target.count) bytes") }
        try RequestTarget.parse(target, into: &head)
    }

    static func version(_ bytes: Span<UInt8>) throws(WireError) -> HTTPVersion {
        let prefix: StaticString = "HTTP/"
        guard bytes.count == 8, prefix.equals(bytes.extracting(0..<5)), bytes[6] == ASCII.dot,
            ASCII.isDigit(bytes[5]), ASCII.isDigit(bytes[7])
        else { throw WireError(.badRequestLine, "no version of the form HTTP/1.1") }
        switch (bytes[5], bytes[7]) {
        case (0x31, 0x31): return .http11
        case (0x31, 0x30): return .http10
        // no version before 1.0 names itself (RFC 1945, section 3.1), so this is no request line at all
        case (0x30, _): throw WireError(.badRequestLine, "version 0.\(bytes[7] - 0x30)")
        default: throw WireError(.unsupportedVersion, "version \(bytes[5] - 0x30).\(bytes[7] - 0x30)")
        }
    }

    private static func method(_ bytes: Span<UInt8>) throws(WireError) -> HTTPMethod {
        if ("GET" as StaticString).equals(bytes) { return .get }
        if ("POST" as StaticString).equals(bytes) { return .post }
        var name = ""
        for index in 0..<bytes.count {
            guard ASCII.isToken(bytes[index]) else { throw WireError(.badRequestLine, "byte \(bytes[index]) in the method") }
            name.unicodeScalars.append(Unicode.Scalar(bytes[index]))
        }
        return HTTPMethod(name)
    }

    private static func index(of byte: UInt8, in bytes: Span<UInt8>, from start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        for index in start..<bytes.count where bytes[index] == byte { return index }
        return nil
    }
}
