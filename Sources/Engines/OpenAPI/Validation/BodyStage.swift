internal import StrictJSON

/// Judges a request's body once its head is in order.
struct BodyStage {
    let model: CompiledModel
    let pending: PendingBody

    func judgeLength(_ count: Int) -> RequestVerdict {
        var verdict = RequestVerdict(.valid, operation: pending.operation, issues: pending.issues, undocumented: pending.undocumented)
        let judge = BodyJudge(shapes: model.shapes, programs: model.request, options: model.options)
        verdict.issues += judge.binary(count, pending.media).issues
        if !verdict.issues.isEmpty { verdict.kind = .badRequest }
        return verdict
    }

    func judge(_ sent: [UInt8]) -> RequestVerdict {
        var verdict = RequestVerdict(.valid, operation: pending.operation, issues: pending.issues, undocumented: pending.undocumented)
        let limit = model.options.bodyBytes
        guard sent.count <= limit else { return verdict.with(.tooLarge(limit: limit)) }
        let bytes: [UInt8]
        do throws(ContentCodingFault) {
            bytes = try ContentCoding.decode(sent, pending.codings, limits: model.options.codingLimits)
        } catch {
            guard error == .malformed else { return verdict.with(.tooLarge(limit: limit)) }
            verdict.refuse(OpenAPIIssue(.body, keyword: OpenAPIIssue.Keyword.syntax, "the body is not what its content coding says"))
            return verdict
        }
        let judge = BodyJudge(shapes: model.shapes, programs: model.request, options: model.options)
        let result = judge.judge(bytes, pending.media, type: pending.contentType)
        if result.hasUnknownCharset {
            return verdict.with(.unsupportedMediaType(supported: pending.compiled.body?.media.map(\.text) ?? []))
        }
        verdict.issues = Array((verdict.issues + result.issues).prefix(model.options.issueLimit))
        if !verdict.issues.isEmpty { verdict.kind = .badRequest }
        if model.options.reportsUndocumentedProperties, let document = result.document {
            var finder = UndocumentedProperties(shapes: model.shapes, kind: .requestProperty)
            verdict.undocumented += finder.find(in: document.root, shape: pending.media.shape)
        }
        return verdict
    }
}

extension RequestVerdict {
    func with(_ kind: Kind) -> RequestVerdict {
        var verdict = self
        verdict.kind = kind
        return verdict
    }
}

extension OpenAPIOptions {
    var codingLimits: ContentCodingLimits { ContentCodingLimits(outputBytes: bodyBytes, ratio: compressionRatio) }
}
