/// The four forms of a request target (RFC 9112, section 3.2) and the host that they name.
enum RequestTarget {
    /// Puts path and query, and for the absolute form the authority, into a head.
    ///
    /// - Throws: `badTarget` for CONNECT's authority form, a scheme other than http or https, user information, `#`,
    ///   control characters and blanks.
    static func parse(_ target: Span<UInt8>, into head: inout RequestHead) throws(WireError) {
        for index in 0..<target.count {
            let byte = target[index]
            guard byte > 0x20, byte != 0x7F, byte != UInt8(ascii: "#") else {
                throw WireError(.badTarget, "byte \(byte) in the target")
            }
        }
        if head.method == .connect { return try parseAuthority(target, into: &head) }
        if target[0] == ASCII.slash { return copy(target, into: &head) }
        if target.count == 1, target[0] == UInt8(ascii: "*"), head.method == .options { return copy(target, into: &head) }
        try parseAbsolute(target, into: &head)
    }

    /// Checks a host with optional port (RFC 3986, sections 3.2.2 and 3.2.3) and makes it lower case.
    ///
    /// - Throws: `badHost` for everything that is no registered name, IPv4 address or bracketed IPv6 address.
    static func authority(_ bytes: some Collection<UInt8>) throws(WireError) -> String {
        guard !bytes.isEmpty, bytes.count <= 260 else { throw WireError(.badHost, "host of \(bytes.count) bytes") }
        let text = bytes.map(ASCII.lowercased)
        let portStart = text.last == UInt8(ascii: "]") ? nil : text.lastIndex(of: ASCII.colon)
        let host = text[..<(portStart ?? text.count)]
        let port = portStart.map { text[($0 + 1)...] } ?? []
        guard port.count <= 5, port.allSatisfy(ASCII.isDigit), port.reduce(0, { $0 * 10 + Int($1 - 0x30) }) <= 65535 else {
            throw WireError(.badHost, "port that is no number")
        }
        guard isHost(host) else { throw WireError(.badHost, "host that is no name or address") }
        return String(decoding: text, as: UTF8.self)
    }

    private static func isHost(_ host: ArraySlice<UInt8>) -> Bool {
        guard let first = host.first else { return false }
        if first == UInt8(ascii: "[") {
            guard host.last == UInt8(ascii: "]"), host.count > 3 else { return false }
            return host.dropFirst().dropLast().allSatisfy {
                ASCII.hexValue($0) != nil || $0 == ASCII.colon || $0 == ASCII.dot
            }
        }
        return host.allSatisfy {
            ASCII.isDigit($0) || ($0 | 0x20) &- 0x61 < 26 || $0 == ASCII.dot || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
    }

    private static func parseAuthority(_ target: Span<UInt8>, into head: inout RequestHead) throws(WireError) {
        let text = (0..<target.count).map { target[$0] }
        head.authority = try authority(text)
        guard text.last.map(ASCII.isDigit) ?? false, text.contains(ASCII.colon) else {
            throw WireError(.badTarget, "target of CONNECT without a port")
        }
        head.setTarget(text)
    }

    private static func parseAbsolute(_ target: Span<UInt8>, into head: inout RequestHead) throws(WireError) {
        let text = (0..<target.count).map { target[$0] }
        let lower = text.prefix(8).map(ASCII.lowercased)
        let schemeLength = lower.starts(with: "http://".utf8) ? 7 : lower.starts(with: "https://".utf8) ? 8 : 0
        guard schemeLength > 0 else { throw WireError(.badTarget, "target is neither a path nor an http address") }
        let rest = text[schemeLength...]
        let end = rest.firstIndex { $0 == ASCII.slash || $0 == ASCII.question } ?? rest.endIndex
        head.authority = try authority(rest[..<end])
        let path = rest[end...]
        head.setTarget(path.first == ASCII.slash ? Array(path) : [ASCII.slash] + path)
    }

    private static func copy(_ target: Span<UInt8>, into head: inout RequestHead) {
        head.target.removeAll(keepingCapacity: true)
        unsafe target.withUnsafeBufferPointer { unsafe head.target.append(contentsOf: $0) }
        head.pathLength = head.target.firstIndex(of: ASCII.question) ?? head.target.count
    }
}
