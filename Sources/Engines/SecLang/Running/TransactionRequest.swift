extension Transaction {
    /// Takes the request line apart: `GET /path?query HTTP/1.1`.
    ///
    /// - Parameters:
    ///   - method: as it came.
    ///   - target: the request target as it came, in origin, absolute, authority or asterisk form (RFC 9112 section 3.2).
    ///   - version: `HTTP/1.1`, `HTTP/2.0` and so on.
    ///   - line: the whole line as it came, where it differs from the three with single spaces between them.
    public func setRequestLine(method: [UInt8], target: [UInt8], version: [UInt8], line: [UInt8]? = nil) {
        let methodSlice = arena.copy(method)
        let targetSlice = arena.copy(target)
        let versionSlice = version.isEmpty ? arena.copy("HTTP/0.9") : arena.copy(version)
        add(.requestMethod, methodSlice)
        add(.requestProtocol, versionSlice)
        add(.requestURIRaw, targetSlice)
        add(
            .requestLine,
            line.map(arena.copy)
                ?? arena.write(capacity: method.count + target.count + version.count + 2) { output in
                    output.append(methodSlice)
                    output.append(32)
                    output.append(targetSlice)
                    if !version.isEmpty {
                        output.append(32)
                        output.append(versionSlice)
                    }
                })
        if !methodSlice.equalsIgnoringCase("CONNECT") { takeTarget(targetSlice) }
    }

    /// The same from text.
    public func setRequestLine(method: String, target: String, version: String) {
        setRequestLine(method: Array(method.utf8), target: Array(target.utf8), version: Array(version.utf8))
    }

    private func takeTarget(_ target: Slice) {
        let start = Transaction.pathStart(target)
        let end = target.firstIndex(of: UInt8(ascii: "#"), from: start) ?? target.count
        let question = target.firstIndex(of: UInt8(ascii: "?"), from: start).flatMap { $0 < end ? $0 : nil }
        let path = target.part(start, question ?? end)
        let decoded = decodedPath(path)
        add(.requestFilename, decoded)
        add(.requestURI, target.part(start, end))
        add(.requestBasename, Transaction.basename(decoded))
        guard let question else { return }
        let query = target.part(question + 1, end)
        add(.queryString, query)
        let invalid = URLEncodedBody.read(query, separator: rules.settings.argumentSeparator, arena) { name, value in
            addArgument(name, value, .argsGet, .argsGetNames)
        }
        if invalid > 0 { hasURLEncodingError = true }
    }

    /// Behind `scheme://authority` in absolute form.
    private static func pathStart(_ target: Slice) -> Int {
        guard target.count > 0, target[0] != UInt8(ascii: "/"), let colon = target.firstIndex(of: UInt8(ascii: ":")),
            colon + 2 < target.count,
            target[colon + 1] == UInt8(ascii: "/"), target[colon + 2] == UInt8(ascii: "/"),
            (0..<colon).allSatisfy({ isAlphanumeric(target[$0]) })
        else { return 0 }
        return target.firstIndex(of: UInt8(ascii: "/"), from: colon + 3) ?? target.count
    }

    /// The path as a server that looks for a file sees it: percent-encoding taken off once (RFC 3986 section 2.1).
    private func decodedPath(_ path: Slice) -> Slice {
        guard path.firstIndex(of: 37) != nil else { return path }
        return arena.write(capacity: path.count) { output in
            var index = 0
            while index < path.count {
                if path[index] == 37, index + 2 < path.count, let byte = hexPair(path[index + 1], path[index + 2]) {
                    output.append(byte)
                    index += 3
                } else {
                    output.append(path[index])
                    index += 1
                }
            }
        }
    }

    private static func basename(_ path: Slice) -> Slice {
        var start = path.count
        while start > 0, path[start - 1] != UInt8(ascii: "/"), path[start - 1] != UInt8(ascii: "\\") { start -= 1 }
        return path.suffix(from: start)
    }

    /// Counts and keeps an argument; false once there are too many.
    func addArgument(_ name: Slice, _ value: Slice, _ values: Variable?, _ names: Variable?) -> Bool {
        guard argumentCount < rules.settings.argumentsLimit else {
            failBody("request has more than \(rules.settings.argumentsLimit) arguments")
            return false
        }
        argumentCount += 1
        argumentBytes += name.count + value.count
        add(.args, value, named: name)
        add(.argsNames, name, named: name)
        if let values { add(values, value, named: name) }
        if let names { add(names, name, named: name) }
        return true
    }

    /// Adds one request header, names and values as they came, white space around the value taken off.
    ///
    /// A header that comes again is joined to the first with a comma (RFC 9110 section 5.2), as the reference engine sees it.
    public func addRequestHeader(_ name: [UInt8], _ value: [UInt8]) {
        let nameSlice = arena.copy(name)
        let valueSlice = arena.copy(value)
        if !joinRequestHeader(nameSlice, valueSlice) {
            add(.requestHeaders, valueSlice, named: nameSlice)
            add(.requestHeadersNames, nameSlice, named: nameSlice)
        }
        if nameSlice.equalsIgnoringCase("Cookie") {
            CookieHeader.read(valueSlice, settings: rules.settings) { name, value in
                add(.requestCookies, value, named: name)
                add(.requestCookiesNames, name, named: name)
            }
        } else if nameSlice.equalsIgnoringCase("Authorization") {
            add(.authType, valueSlice.part(0, valueSlice.firstIndex(of: 32) ?? valueSlice.count))
        } else if nameSlice.equalsIgnoringCase("Content-Type"), processor == nil {
            if valueSlice.startsIgnoringCase(with: "application/x-www-form-urlencoded") {
                processor = .urlEncoded
            } else if valueSlice.startsIgnoringCase(with: "multipart/form-data") {
                processor = .multipart
            }
        }
    }

    /// Tells whether there was a header of the name to join the value to.
    private func joinRequestHeader(_ name: Slice, _ value: Slice) -> Bool {
        let table = Variable.requestHeaders.rawValue
        guard let index = workspace.tables[table].firstIndex(where: { $0.name.equalsIgnoringCase(name) }) else { return false }
        let first = workspace.value(workspace.tables[table][index].node)
        let joined = arena.write(capacity: first.count + value.count + 2) { output in
            output.append(first)
            output.append(", ")
            output.append(value)
        }
        workspace.replace(index, in: table, with: joined)
        return true
    }

    /// The same from text.
    public func addRequestHeader(_ name: String, _ value: String) { addRequestHeader(Array(name.utf8), Array(value.utf8)) }

    /// Phase 1.
    public func processRequestHeaders() -> Interruption? { timed { run(phase: 1) } }

    /// Whether rules want to see the request's body.
    public var wantsRequestBody: Bool { mode != .off && readsRequestBody }

    /// Takes a piece of the request's body; an interruption where it grows over the limit and that is refused.
    public func appendRequestBody(_ bytes: [UInt8]) -> Interruption? {
        guard wantsRequestBody, interruption == nil, !isRequestTooLong else { return interruption }
        guard bytes.count > requestBodyLimit - requestBody.count else {
            requestBody += bytes
            return nil
        }
        requestBody += bytes.prefix(max(0, requestBodyLimit - requestBody.count))
        isRequestTooLong = true
        return tooLong(
            rules.settings.requestBodyLimitAction, "request body is over its limit of \(requestBodyLimit) bytes", phase: 2, status: 413)
    }

    func tooLong(_ action: BodyLimitAction, _ message: String, phase: Int, status: Int) -> Interruption? {
        guard action == .reject else { return nil }
        let wanted = Interruption(action: .deny, status: status, cause: .bodyLimit, phase: phase, message: message)
        limits.append(message)
        return interrupt(wanted)
    }

    /// Ends the exchange, or notes that it would have ended.
    func interrupt(_ wanted: Interruption) -> Interruption? {
        if mode == .on {
            if interruption == nil { interruption = wanted }
            return interruption
        }
        if intended == nil { intended = wanted }
        return nil
    }

    /// Reads the body and runs phase 2.
    public func processRequestBody() -> Interruption? {
        guard interruption == nil else { return interruption }
        return timed {
            if mode != .off, readsRequestBody {
                readRequestBody()
                if let interruption { return interruption }
            }
            return run(phase: 2)
        }
    }
}
