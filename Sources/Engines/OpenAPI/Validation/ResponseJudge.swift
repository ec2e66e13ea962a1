internal import StrictJSON

/// Judges one response by what its operation documents.
struct ResponseJudge {
    let model: CompiledModel
    let operation: CompiledOperation

    func judge(status: Int, headers: any HeaderLookup, body: [UInt8]?) -> ResponseVerdict {
        guard let response = operation.response(for: status) else {
            let issue = OpenAPIIssue(
                .status, schemaPointer: operation.info.pointer + "/responses", keyword: OpenAPIIssue.Keyword.response,
                "the status \(status) is not documented")
            let isInformational = (100..<200).contains(status)
            return ResponseVerdict(
                issues: isInformational ? [] : [issue], undocumented: [UndocumentedItem(kind: .status, name: String(status))])
        }
        var issues: [OpenAPIIssue] = []
        var undocumented: [UndocumentedItem] = []
        let judge = ParameterJudge(shapes: model.shapes, programs: model.response, options: model.options)
        for header in response.headers { judgeHeader(header, headers.values(of: header.name), judge, &issues) }
        let isBodyless = status == 204 || status == 304 || (100..<200).contains(status)
        if let body, !isBodyless { judgeBody(body, response, headers, &issues, &undocumented) }
        return ResponseVerdict(issues: Array(issues.prefix(model.options.issueLimit)), undocumented: undocumented)
    }

    /// Streams of events and bytes are judged by their media type alone, so that they may flow.
    func judgeHead(status: Int, headers: any HeaderLookup, hasBody: Bool?) -> ResponseHeadVerdict {
        guard let hasBody else { return .decided(judge(status: status, headers: headers, body: nil)) }
        guard hasBody else { return .decided(judge(status: status, headers: headers, body: [])) }
        let head = judge(status: status, headers: headers, body: nil)
        guard head.isValid, let body = operation.response(for: status)?.body, !body.media.isEmpty else { return .decided(head) }
        let lines = headers.values(of: "content-type")
        guard lines.count == 1, let type = MediaType(lines[0]), let media = body.media(for: type) else { return .needsBody }
        switch BodyKind(type) {
        case .binary, .eventStream, .jsonSequence, .jsonLines: return .decided(head)
        case _ where model.shapes[media.shape].isOnlyBinary: return .decided(head)
        default: return .needsBody
        }
    }

    /// Each `Set-Cookie` line is a value of its own.
    private func judgeHeader(_ header: CompiledParameter, _ lines: [String], _ judge: ParameterJudge, _ issues: inout [OpenAPIIssue]) {
        guard header.name == "set-cookie", lines.count > 1 else { return judge.judgeHeader(header, lines, &issues) }
        for line in lines { judge.judgeHeader(header, [line], &issues) }
    }

    private func judgeBody(
        _ sent: [UInt8], _ response: CompiledResponse, _ headers: any HeaderLookup, _ issues: inout [OpenAPIIssue],
        _ undocumented: inout [UndocumentedItem]
    ) {
        guard let body = response.body, !body.media.isEmpty else {
            if !sent.isEmpty { undocumented.append(UndocumentedItem(kind: .body, name: "")) }
            return
        }
        func mismatch(_ keyword: String, _ reason: String) {
            issues.append(OpenAPIIssue(.body, schemaPointer: response.pointer + "/content", keyword: keyword, reason))
        }
        let lines = headers.values(of: "content-type")
        guard let line = lines.first else {
            return sent.isEmpty
                ? mismatch(OpenAPIIssue.Keyword.required, "a body is documented and missing")
                : mismatch(OpenAPIIssue.Keyword.response, "the response has no content type")
        }
        guard lines.count == 1, let type = MediaType(line), let media = body.media(for: type) else {
            return mismatch(OpenAPIIssue.Keyword.response, "the response's media type is not documented")
        }
        guard let codings = ContentCoding.codings(headers.values(of: "content-encoding")), sent.count <= model.options.bodyBytes,
            let bytes = try? ContentCoding.decode(sent, codings, limits: model.options.codingLimits)
        else { return mismatch(OpenAPIIssue.Keyword.limit, "the response's content coding is not known, is broken, or opens to too much") }
        let result = BodyJudge(shapes: model.shapes, programs: model.response, options: model.options).judge(bytes, media, type: type)
        if result.hasUnknownCharset { mismatch(OpenAPIIssue.Keyword.response, "the response's charset cannot be read") }
        issues += result.issues
        guard model.options.reportsUndocumentedProperties, let document = result.document else { return }
        var finder = UndocumentedProperties(shapes: model.shapes, kind: .responseProperty)
        undocumented += finder.find(in: document.root, shape: media.shape)
    }
}
