internal import HTTPWire

/// Rules for the fields of a request: nothing in them may be read as another field, method or target behind us.
struct FieldRules: Sendable {
    let allowsUnderscores: Bool

    /// Checks all lines, not whether there may be a body.
    ///
    /// - Throws: the first rule that is broken.
    func check(_ request: RequestHead) throws(ProtocolFinding) {
        var seen = KnownFieldSet()
        for index in 0..<request.fields.count {
            guard let field = request.fields.known(at: index) else {
                try checkName(request.fields.nameBytes(at: index))
                continue
            }
            guard !seen.contains(field) || !Self.singletons.contains(field) else {
                throw ProtocolFinding(.duplicateField, "`\(field.name)` twice")
            }
            seen.insert(field)
        }
        if seen.contains(.range) { try checkRange(request.fields) }
        if seen.contains(.contentType), let index = request.fields.firstIndex(of: .contentType) {
            try checkContentType(request.fields.valueBytes(at: index))
        }
    }

    private func checkName(_ name: ArraySlice<UInt8>) throws(ProtocolFinding) {
        var isOdd = false
        for byte in name {
            switch byte {
            case 0x5F where !allowsUnderscores: throw ProtocolFinding(.underscore, "field name with an underscore")
            case 0x61...0x7A, 0x30...0x39, 0x2D: break
            default: isOdd = true
            }
        }
        if isOdd {
            let plain = name.map { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) ? $0 : 0x2D }
            if Self.isSetByProxies(plain) { throw ProtocolFinding(.alias, "field name that reads like one that proxies set") }
        }
        if Self.methodOverrides.containsOther(name) { throw ProtocolFinding(.methodOverride, "field that overrides the method") }
        if Self.targetOverrides.containsOther(name) { throw ProtocolFinding(.targetOverride, "field that overrides the target") }
        if name.elementsEqual("proxy".utf8) { throw ProtocolFinding(.httpoxy, "`proxy` field") }
    }

    /// At most eight ranges that do not overlap, in the grammar of RFC 9110, section 14.1.1. Other units pass.
    private func checkRange(_ fields: FieldBlock) throws(ProtocolFinding) {
        guard let index = fields.firstIndex(of: .range), startsWith(fields.valueBytes(at: index), "bytes=") else { return }
        let parts = fields.valueBytes(at: index).dropFirst(6).split(separator: 0x2C, maxSplits: 9, omittingEmptySubsequences: false)
        guard parts.count <= 8 else { throw ProtocolFinding(.range, "more than 8 ranges") }
        var ranges: [ClosedRange<Int>] = []
        for part in parts {
            let ends = part.filter { $0 != 0x20 && $0 != 0x09 }.split(separator: 0x2D, maxSplits: 1, omittingEmptySubsequences: false)
            guard ends.count == 2, !(ends[0].isEmpty && ends[1].isEmpty),
                ends.allSatisfy({ $0.count <= 18 && $0.allSatisfy { (0x30...0x39).contains($0) } })
            else { throw ProtocolFinding(.range, "range that is no range") }
            guard !ends[0].isEmpty else { continue }
            let first = Self.number(ends[0])
            let last = ends[1].isEmpty ? Int.max : Self.number(ends[1])
            guard first <= last else { throw ProtocolFinding(.range, "range that ends before it begins") }
            guard !ranges.contains(where: { $0.overlaps(first...last) }) else { throw ProtocolFinding(.range, "ranges that overlap") }
            ranges.append(first...last)
        }
    }

    /// One media type: no comma outside of quotes.
    private func checkContentType(_ value: ArraySlice<UInt8>) throws(ProtocolFinding) {
        var isQuoted = false
        var isEscaped = false
        for byte in value {
            if isEscaped {
                isEscaped = false
            } else if byte == 0x5C, isQuoted {
                isEscaped = true
            } else if byte == 0x22 {
                isQuoted.toggle()
            } else if byte == 0x2C, !isQuoted {
                throw ProtocolFinding(.contentType, "content-type of two media types")
            }
        }
    }

    /// Refuses a body where the method gives it no meaning.
    func checkBody(_ request: RequestHead) throws(ProtocolFinding) {
        guard request.method == .get || request.method == .head else { return }
        switch request.framing {
        case .none, .length(0): return
        // an HTTP/2 stream that is not ended yet may still have no body
        case .chunked where request.version == .http2 && !request.fields.contains(.contentLength): return
        default: throw ProtocolFinding(.strayBody, "body with a method that gives it no meaning")
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int { digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } }

    private static func isSetByProxies(_ name: [UInt8]) -> Bool {
        let text = String(decoding: name, as: UTF8.self)
        return text.hasPrefix("x-forwarded-") || text.hasPrefix("x-real-") || text.hasPrefix("x-client-") || text.hasPrefix("gatehouse-")
            || [
                "forwarded", "authorization", "content-length", "content-type", "transfer-encoding", "host", "cookie", "x-original-url",
                "x-rewrite-url", "x-http-method-override",
            ].contains(text)
    }

    /// Fields that have one value (RFC 9110 and the definitions of the others).
    private static let singletons: KnownFieldSet = [
        .authorization, .proxyAuthorization, .contentType, .contentLength, .contentEncoding, .contentLocation, .contentDisposition, .host,
        .range, .referer, .userAgent, .origin, .expect, .maxForwards, .date, .ifModifiedSince, .dpop, .cookie, .secFetchSite,
        .secFetchMode, .secFetchDest, .secFetchUser, .secWebSocketKey, .accessControlRequestMethod, .traceparent, .http2Settings,
        .gatehouseIdentity, .xRequestID,
    ]
    private static let methodOverrides = FieldNameSet(["x-http-method", "x-http-method-override", "x-method-override"])
    private static let targetOverrides = FieldNameSet(["x-original-url", "x-rewrite-url", "x-override-url"])
}
