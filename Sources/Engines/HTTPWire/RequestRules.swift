/// What the fields of a request must agree on before anything looks at it.
enum RequestRules {
    /// How the body ends (RFC 9112, section 6.3), strictly.
    static func framing(of head: inout RequestHead, _ limits: WireLimits) throws(WireError) -> BodyFraming {
        let coded = head.fields.firstIndex(of: .transferEncoding)
        let measured = head.fields.firstIndex(of: .contentLength)
        if coded != nil, measured != nil {
            guard limits.prefersTransferEncoding else {
                throw WireError(.ambiguousFraming, "both content-length and transfer-encoding")
            }
            head.fields.remove(.contentLength)
            head.hadBothLengths = true
        }
        if coded != nil {
            guard head.version == .http11 else { throw WireError(.badTransferEncoding, "transfer-encoding in HTTP/1.0") }
            try FramingRules.checkTransferEncoding(head.fields)
            return .chunked
        }
        guard let measured else { return .none }
        return .length(try FramingRules.contentLength(head.fields, at: measured))
    }

    /// Checks Host, Connection and Expect, and sets the authority.
    ///
    /// - Parameter knownHost: a host that was found good before; set to this request's.
    static func check(_ head: inout RequestHead, _ knownHost: inout String) throws(WireError) {
        try checkHost(&head, &knownHost)
        try ConnectionOptions.check(head.fields)
        if head.fields.contains(.expect), !head.fields.has(.expect, "100-continue") {
            throw WireError(.badExpectation, "expectation other than 100-continue")
        }
    }

    private static func checkHost(_ head: inout RequestHead, _ knownHost: inout String) throws(WireError) {
        guard let index = head.fields.firstIndex(of: .host) else {
            guard head.version == .http10 else { throw WireError(.badHost, "no host") }
            return
        }
        guard head.fields.count(of: .host) == 1 else { throw WireError(.badHost, "more than one host") }
        if knownHost.isEmpty || !head.fields.hasValue(knownHost, at: index) {
            knownHost = try RequestTarget.authority(head.fields.valueBytes(at: index))
        }
        let host = knownHost
        if head.method == .connect {
            // the target alone says where to (RFC 9110, section 9.3.6)
            if head.authority != host { head.fields.set(.host, head.authority) }
            return
        }
        guard head.authority.isEmpty || head.authority == host else {
            throw WireError(.badHost, "host differs from the target's")
        }
        head.authority = host
    }
}

/// Rules for length and coding that requests and answers share.
enum FramingRules {
    /// The one, plain decimal length.
    static func contentLength(_ fields: FieldBlock, at index: Int) throws(WireError) -> Int {
        guard fields.count(of: .contentLength) == 1 else {
            throw WireError(.repeatedContentLength, "more than one content-length")
        }
        let digits = fields.valueBytes(at: index)
        guard !digits.isEmpty, digits.count <= 18, digits.allSatisfy(ASCII.isDigit) else {
            throw WireError(.badContentLength, "content-length that is no plain number")
        }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// Exactly `chunked`, once.
    static func checkTransferEncoding(_ fields: FieldBlock) throws(WireError) {
        guard fields.count(of: .transferEncoding) == 1, fields.has(.transferEncoding, "chunked") else {
            throw WireError(.badTransferEncoding, "transfer-encoding other than a single chunked")
        }
    }
}
