internal import StrictJSON

/// Reads one parameter's value and lets its schema judge it.
struct ParameterJudge {
    let shapes: ShapeTable
    let programs: SchemaPrograms
    let options: OpenAPIOptions

    /// - Parameters:
    ///   - read: takes the text apart for a form; nil where the parameter is not there.
    ///   - raw: the text as it was sent, for parameters with `content`.
    /// - Returns: whether the parameter is there.
    @discardableResult
    func judge(
        _ parameter: CompiledParameter, _ issues: inout [OpenAPIIssue], raw: () throws(StyleFault) -> String?,
        read: (SerializedForm) throws(StyleFault) -> Serialized?
    ) -> Bool {
        do {
            if let content = parameter.content {
                guard let text = try raw() else { return missing(parameter, &issues) }
                judge(text, parameter, content, &issues)
                return true
            }
            return try judgeForms(parameter, &issues, read)
        } catch {
            issues.append(issue(parameter, error.keyword, error.reason))
            return true
        }
    }

    private func judgeForms(
        _ parameter: CompiledParameter, _ issues: inout [OpenAPIIssue], _ read: (SerializedForm) throws(StyleFault) -> Serialized?
    ) throws(StyleFault) -> Bool {
        var first: [OpenAPIIssue]?
        var fault: StyleFault?
        for form in parameter.forms {
            let serialized: Serialized?
            do throws(StyleFault) { serialized = try read(form) } catch {
                fault = fault ?? error
                continue
            }
            guard let serialized else { continue }
            if parameter.allowsEmptyValue, serialized == .scalar("") { return true }
            guard let found = problems(parameter, serialized) else { return true }
            // The table of styles leaves the empty array open; many clients write it as the empty text.
            if serialized == .list([""]), problems(parameter, .list([])) == nil { return true }
            first = first ?? found
        }
        if let fault { throw fault }
        guard let first else { return missing(parameter, &issues) }
        issues += first
        return true
    }

    /// What the schema says against every reading of the text; nil where one is valid.
    private func problems(_ parameter: CompiledParameter, _ serialized: Serialized) -> [OpenAPIIssue]? {
        guard let schema = parameter.schema else { return nil }
        var first: [OpenAPIIssue]?
        for prefersText in parameter.isAmbiguous ? [false, true] : [false] {
            let value = ValueReading(shapes: shapes, prefersText: prefersText).value(serialized, shape: parameter.shape)
            let document = JSONDocument(value)
            if programs.isValid(document.root, schema) { return nil }
            first =
                first
                ?? programs.issues(
                    in: document.root, schema, at: parameter.place.issueLocation, name: parameter.name, limit: options.issueLimit)
        }
        return first
    }

    /// A parameter whose value is a document of its own.
    private func judge(_ text: String, _ parameter: CompiledParameter, _ content: CompiledMedia, _ issues: inout [OpenAPIIssue]) {
        let body = BodyJudge(
            shapes: shapes, programs: programs, options: options, location: parameter.place.issueLocation, name: parameter.name)
        issues += body.judge(Array(text.utf8), content, type: content.range).issues
    }

    private func missing(_ parameter: CompiledParameter, _ issues: inout [OpenAPIIssue]) -> Bool {
        if parameter.isRequired { issues.append(issue(parameter, OpenAPIIssue.Keyword.required, "it is required and missing")) }
        return false
    }

    func issue(_ parameter: CompiledParameter, _ keyword: String, _ reason: String) -> OpenAPIIssue {
        OpenAPIIssue(parameter.place.issueLocation, name: parameter.name, schemaPointer: parameter.pointer, keyword: keyword, reason)
    }

    // MARK: Headers

    /// A header or, in `multipart`, a part's header.
    func judgeHeader(_ parameter: CompiledParameter, _ lines: [String], _ issues: inout [OpenAPIIssue]) {
        judge(parameter, &issues) { () throws(StyleFault) in
            guard lines.count <= 1 else { throw .repeated }
            return lines.first
        } read: { (form) throws(StyleFault) in
            guard let first = lines.first else { return nil }
            guard lines.count == 1 || form != .scalar else { throw .repeated }
            let text = lines.count == 1 ? Array(first.utf8) : Array(lines.joined(separator: ",").utf8)
            let trimmed = form == .scalar ? ASCII.trimmed(text) : ParameterJudge.withoutBlanksAroundCommas(text)[...]
            return try PathStyles.parse(
                trimmed, name: parameter.name, style: .simple, explode: parameter.explode, form: form, decoding: .none)
        }
    }

    /// `a, b c` as `a,b c` (RFC 9110, section 5.6.1).
    private static func withoutBlanksAroundCommas(_ text: [UInt8]) -> [UInt8] {
        let pieces = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { ASCII.trimmed($0) }
        return Array(pieces.joined(separator: [UInt8(ascii: ",")]))
    }
}
