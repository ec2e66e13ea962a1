internal import GatehouseConfiguration
internal import GatehouseCore
internal import OpenAPI
internal import StrictJSON

/// Reads a body that is held whole, as its media type says.
struct BodyCheck {
    let settings: BodiesGuardSettings

    func check(_ sent: [UInt8], _ plan: BodyPlan, codings: [String]) throws(BodyFinding) {
        let bytes = try codings.isEmpty ? sent : open(sent, codings)
        switch plan.kind {
        case .json: try json(bytes)
        case .xml:
            try named("xml") { () throws(BodyFault) in
                try BodyReading.checkXML(bytes, depth: settings.depth, elements: settings.elements)
            }
        case .form: try named("form") { () throws(BodyFault) in try BodyReading.checkForm(bytes, fields: settings.fields) }
        case .multipart: break
        }
    }

    private func open(_ sent: [UInt8], _ codings: [String]) throws(BodyFinding) -> [UInt8] {
        do throws(BodyFault) {
            if let opened = try BodyReading.open(sent, codings: codings, limit: settings.limit.bytes) { return opened }
        } catch {
            let isLimit = error.keyword == OpenAPIIssue.Keyword.limit
            throw BodyFinding(isLimit ? 413 : 400, isLimit ? "length" : "content_coding", error.reason)
        }
        throw BodyFinding(415, "content_coding", "the content coding is not one that is read here")
    }

    private func json(_ bytes: [UInt8]) throws(BodyFinding) {
        var limits = JSONLimits()
        limits.bytes = settings.limit.bytes
        limits.depth = settings.depth
        limits.elements = settings.elements
        limits.duplicateKeys = settings.refusesDuplicateKeys ? .refuse : .keep
        do throws(JSONError) { _ = try JSONDocument(bytes, limits: limits) } catch {
            throw BodyFinding(400, "json_" + error.code.rawValue.replacing("-", with: "_"), error.description)
        }
    }

    private func named(_ rule: String, _ body: () throws(BodyFault) -> Void) throws(BodyFinding) {
        do throws(BodyFault) { try body() } catch {
            throw BodyFinding(400, error.keyword == OpenAPIIssue.Keyword.limit ? "\(rule)_limit" : rule, error.reason)
        }
    }
}
