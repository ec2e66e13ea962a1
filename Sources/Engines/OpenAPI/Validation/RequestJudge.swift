/// Judges one request's head: route, method, credentials, parameters, media types.
struct RequestJudge {
    let model: CompiledModel
    let head: RequestHead

    private var options: OpenAPIOptions { model.options }

    /// An operation with the raw text of its path's expressions.
    struct Matched {
        let operation: CompiledOperation
        let captures: [(name: String, raw: ArraySlice<UInt8>)]
    }

    enum Routing {
        case refused(RequestVerdict)
        case matched(Matched)
    }

    func judgeHead(hasBody: Bool) -> HeadVerdict {
        switch route() {
        case .refused(let verdict): return .decided(verdict)
        case .matched(let matched): return judge(matched, hasBody: hasBody)
        }
    }

    // MARK: Route and method

    func route() -> Routing {
        let path = Array(head.path.utf8)
        do throws(RequestPath.Fault) {
            try RequestPath.check(path, allowsEncodedSlash: options.allowsEncodedSlash)
        } catch {
            return .refused(
                RequestVerdict(.badRequest, issues: [OpenAPIIssue(.path, keyword: OpenAPIIssue.Keyword.encoding, error.reason)]))
        }
        guard let match = model.routes.match(path) else {
            return .refused(RequestVerdict(.notFound, undocumented: [UndocumentedItem(kind: .path, name: "")]))
        }
        guard let target = target(in: match.targets) else {
            let item = UndocumentedItem(kind: .method, name: String(head.method.prefix(32)))
            return .refused(RequestVerdict(.methodNotAllowed(allowed: allowed(match.targets)), undocumented: [item]))
        }
        let captures = zip(target.names, match.captures).compactMap { name, raw in name.map { (name: $0, raw: raw) } }
        return .matched(Matched(operation: model.operations[target.operation], captures: captures))
    }

    private func target(in targets: [ModelBuilder.Route]) -> ModelBuilder.Route? {
        if let exact = targets.first(where: { $0.method == head.method }) { return exact }
        guard head.method == "HEAD", options.headFollowsGet else { return nil }
        return targets.first { $0.method == "GET" }
    }

    private func allowed(_ targets: [ModelBuilder.Route]) -> [String] {
        var methods = Set(targets.map(\.method))
        if options.headFollowsGet, methods.contains("GET") { methods.insert("HEAD") }
        return methods.sorted()
    }

    // MARK: The head of a known operation

    private func judge(_ matched: Matched, hasBody: Bool) -> HeadVerdict {
        let operation = matched.operation
        var verdict = RequestVerdict(.valid, operation: operation.info)
        let query: QueryString
        let cookies: CookieHeader
        do throws(QueryString.Fault) {
            query = try QueryString(Array((head.query ?? "").utf8)[...], limit: options.pairs)
            let lines = operation.needsCookies ? head.headers.values(of: "cookie") : []
            cookies = try CookieHeader(lines, limit: options.pairs)
        } catch {
            verdict.kind = .badRequest
            verdict.issues = [error.issue]
            return .decided(verdict)
        }
        if options.checksSecurity, let challenges = missingCredentials(operation, query, cookies) {
            verdict.kind = .unauthorized(challenges: challenges)
            return .decided(verdict)
        }
        if options.checksAccept, !acceptsAny(operation) {
            verdict.kind = .notAcceptable
            return .decided(verdict)
        }
        judgeParameters(matched, query, cookies, &verdict)
        return judgeBodyHead(operation, &verdict, hasBody: hasBody)
    }

    private func acceptsAny(_ operation: CompiledOperation) -> Bool {
        guard !operation.produced.isEmpty else { return true }
        let lines = head.headers.values(of: "accept")
        guard !lines.isEmpty else { return true }
        let accept = AcceptHeader(lines)
        return operation.produced.contains(where: accept.accepts)
    }

    private func missingCredentials(_ operation: CompiledOperation, _ query: QueryString, _ cookies: CookieHeader) -> [String]? {
        guard !operation.requirements.isEmpty else { return nil }
        let check = CredentialCheck(head: head, query: query, cookies: cookies)
        if operation.requirements.contains(where: check.isMet) { return nil }
        var seen: Set<String> = []
        return operation.requirements.flatMap(\.schemes).compactMap(\.challenge).filter { seen.insert($0).inserted }
    }

    // MARK: Parameters

    private func judgeParameters(_ matched: Matched, _ query: QueryString, _ cookies: CookieHeader, _ verdict: inout RequestVerdict) {
        let operation = matched.operation
        let judge = ParameterJudge(shapes: model.shapes, programs: model.request, options: options)
        for parameter in operation.pathParameters { judgePath(parameter, matched, judge, &verdict.issues) }
        for parameter in operation.queryParameters { judgeQuery(parameter, operation, query, judge, &verdict.issues) }
        if let whole = operation.wholeQuery { judgeWholeQuery(whole, judge, &verdict.issues) }
        for parameter in operation.headerParameters {
            judge.judgeHeader(parameter, head.headers.values(of: parameter.name), &verdict.issues)
        }
        for parameter in operation.cookieParameters { judgeCookie(parameter, cookies, judge, &verdict.issues) }
        noteUnknown(operation, query, cookies, &verdict)
        if verdict.issues.count > options.issueLimit { verdict.issues.removeLast(verdict.issues.count - options.issueLimit) }
        if !verdict.issues.isEmpty { verdict.kind = .badRequest }
    }

    private func judgePath(_ parameter: CompiledParameter, _ matched: Matched, _ judge: ParameterJudge, _ issues: inout [OpenAPIIssue]) {
        guard let raw = matched.captures.first(where: { $0.name == parameter.name })?.raw else { return }
        judge.judge(parameter, &issues) { () throws(StyleFault) in
            try DelimitedText(decoding: .percent).text(raw)
        } read: { (form) throws(StyleFault) in
            try PathStyles.parse(raw, name: parameter.name, style: parameter.style, explode: parameter.explode, form: form)
        }
    }

    private func judgeQuery(
        _ parameter: CompiledParameter, _ operation: CompiledOperation, _ query: QueryString, _ judge: ParameterJudge,
        _ issues: inout [OpenAPIIssue]
    ) {
        let styles = QueryStyles(name: parameter.name, style: parameter.style, explode: parameter.explode)
        if options.refusesUnencodedReserved, !parameter.allowsReserved,
            query.values(of: parameter.name).contains(where: QueryJudging.holdsReserved)
        {
            issues.append(
                judge.issue(parameter, OpenAPIIssue.Keyword.encoding, "it holds reserved characters that are not percent-encoded"))
        }
        let isField = { (name: String) -> Bool in
            parameter.fieldNames.contains(name) || (parameter.takesOtherNames && !operation.queryNames.contains(name))
        }
        judge.judge(parameter, &issues) { () throws(StyleFault) in
            guard case .scalar(let text)? = try styles.parse(query, form: .scalar, isField: isField) else { return nil }
            return text
        } read: { (form) throws(StyleFault) in
            try styles.parse(query, form: form, isField: isField)
        }
    }

    /// 3.2: the query string as one value, percent-decoded unless its media type does that itself.
    private func judgeWholeQuery(_ parameter: CompiledParameter, _ judge: ParameterJudge, _ issues: inout [OpenAPIIssue]) {
        let raw = head.query
        let isForm = parameter.content.map { BodyKind($0.range) == .form } ?? false
        judge.judge(parameter, &issues) { () throws(StyleFault) in
            guard let raw, !raw.isEmpty else { return nil }
            if isForm { return raw }
            return try DelimitedText(decoding: .percent).text(Array(raw.utf8)[...])
        } read: { (_) throws(StyleFault) in
            raw.map { .scalar($0) }
        }
    }

    private func judgeCookie(
        _ parameter: CompiledParameter, _ cookies: CookieHeader, _ judge: ParameterJudge, _ issues: inout [OpenAPIIssue]
    ) {
        judge.judge(parameter, &issues) { () throws(StyleFault) in
            guard
                case .scalar(let text)? = try cookies.parse(
                    parameter.name, style: .cookie, explode: true, form: .scalar, isField: { _ in false })
            else {
                return nil
            }
            return text
        } read: { (form) throws(StyleFault) in
            try cookies.parse(parameter.name, style: parameter.style, explode: parameter.explode, form: form) {
                parameter.fieldNames.contains($0)
            }
        }
    }

    // MARK: What nothing documents

    private func noteUnknown(_ operation: CompiledOperation, _ query: QueryString, _ cookies: CookieHeader, _ verdict: inout RequestVerdict)
    {
        if !operation.takesOtherQueryNames {
            for pair in query.pairs where !QueryJudging.isKnown(pair.name, operation) && verdict.undocumented.count < 32 {
                let name = String(pair.name.prefix(128))
                let item = UndocumentedItem(kind: .query, name: name)
                guard !verdict.undocumented.contains(item) else { continue }
                verdict.undocumented.append(item)
                guard options.unknownQueryParameters == .refuse else { continue }
                verdict.issues.append(
                    OpenAPIIssue(.query, name: name, keyword: OpenAPIIssue.Keyword.undocumented, "the operation has no such parameter"))
            }
        }
        for pair in cookies.pairs where !operation.cookieNames.contains(pair.name) && verdict.undocumented.count < 64 {
            let item = UndocumentedItem(kind: .cookie, name: String(pair.name.prefix(128)))
            if !verdict.undocumented.contains(item) { verdict.undocumented.append(item) }
        }
    }

    // MARK: The body's headers

    private func judgeBodyHead(_ operation: CompiledOperation, _ verdict: inout RequestVerdict, hasBody: Bool) -> HeadVerdict {
        let lines = head.headers.values(of: "content-type")
        guard hasBody || isEmptyBody(operation.body, lines) else {
            if operation.body?.isRequired == true {
                verdict.refuse(OpenAPIIssue(.body, keyword: OpenAPIIssue.Keyword.required, "a body is required and missing"))
            }
            return .decided(verdict)
        }
        guard let body = operation.body else {
            verdict.undocumented.append(UndocumentedItem(kind: .body, name: ""))
            if options.unknownBodies == .refuse {
                verdict.refuse(OpenAPIIssue(.body, keyword: OpenAPIIssue.Keyword.undocumented, "the operation takes no body"))
            }
            return .decided(verdict)
        }
        let codings = ContentCoding.codings(head.headers.values(of: "content-encoding"))
        guard lines.count <= 1 else {
            verdict.refuse(OpenAPIIssue(.header, name: "content-type", keyword: OpenAPIIssue.Keyword.repeated, StyleFault.repeated.reason))
            return .decided(verdict)
        }
        let type = lines.first.flatMap { MediaType($0) } ?? (lines.isEmpty ? MediaType("application/octet-stream") : nil)
        guard let type, let codings, let media = body.media(for: type) else {
            verdict.kind = .unsupportedMediaType(supported: body.media.map(\.text))
            return .decided(verdict)
        }
        return .needsBody(pending(operation, type, media, codings, verdict))
    }

    private func pending(
        _ operation: CompiledOperation, _ type: MediaType, _ media: CompiledMedia, _ codings: [ContentCoding], _ verdict: RequestVerdict
    ) -> PendingBody {
        let facts = model.shapes[media.shape]
        let kind = BodyKind(type)
        let isBytes = codings.isEmpty && (kind == .binary || facts.isOnlyBinary)
        return PendingBody(
            contentType: type, needsBytes: !isBytes, maximumLength: isBytes ? facts.maximumLength : nil, compiled: operation, media: media,
            codings: codings, undocumented: verdict.undocumented, issues: verdict.issues)
    }

    /// A message without bytes but with a content type in which no bytes are a value: an empty text, a form without fields.
    private func isEmptyBody(_ body: CompiledBody?, _ lines: [String]) -> Bool {
        guard let body, body.isRequired, lines.count == 1, let type = MediaType(lines[0]), let media = body.media(for: type) else {
            return false
        }
        return BodyKind(type).mayBeEmpty || model.shapes[media.shape].isOnlyBinary
    }
}

/// Small questions about query strings.
enum QueryJudging {
    /// True for names that a parameter, a `deepObject` or a key documents.
    static func isKnown(_ name: String, _ operation: CompiledOperation) -> Bool {
        if operation.queryNames.contains(name) { return true }
        return operation.deepNames.contains { QueryStyles(name: $0, style: .deepObject, explode: true).deepField(name) != nil }
    }

    /// Reserved characters of RFC 3986 that no style uses as delimiters.
    static func holdsReserved(_ raw: ArraySlice<UInt8>) -> Bool {
        let reserved: [UInt8] = Array(":/?#[]@!$'()*;".utf8)
        return raw.contains(where: reserved.contains)
    }
}

extension RequestVerdict {
    mutating func refuse(_ issue: OpenAPIIssue) {
        kind = .badRequest
        issues.append(issue)
    }
}

extension QueryString.Fault {
    var issue: OpenAPIIssue {
        switch self {
        case .badEncoding: OpenAPIIssue(.query, keyword: OpenAPIIssue.Keyword.encoding, "a name's percent-encoding or UTF-8 is broken")
        case .tooManyPairs(let limit):
            OpenAPIIssue(.query, keyword: OpenAPIIssue.Keyword.limit, "there are more than \(limit) parameters or cookies")
        }
    }
}
