internal import StrictJSON

/// Changes JSON bodies by the shape of their schema, and forms pair by pair.
struct BodySanitizer {
    let model: CompiledModel
    let steps: SanitizeSteps

    func sanitize(_ sent: [UInt8], _ head: RequestHead, _ operation: CompiledOperation, _ result: inout SanitizedRequest) {
        guard !sent.isEmpty, sent.count <= model.options.bodyBytes, let line = head.headers.values(of: "content-type").first,
            let type = MediaType(line), let media = operation.body?.media(for: type),
            let codings = ContentCoding.codings(head.headers.values(of: "content-encoding")),
            let bytes = try? ContentCoding.decode(sent, codings, limits: model.options.codingLimits)
        else { return }
        switch BodyKind(type) {
        case .json: result.body = json(bytes, media, &result)
        case .form: result.body = QuerySanitizer(model: model, steps: steps).form(bytes, media, &result)
        default: return
        }
        result.dropsContentEncoding = result.body != nil && !codings.isEmpty
    }

    private func json(_ bytes: [UInt8], _ media: CompiledMedia, _ result: inout SanitizedRequest) -> [UInt8]? {
        guard let value = try? JSONValue(parsing: bytes, limits: model.options.jsonLimits) else { return nil }
        let before = result.changes.count
        let clean = clean(value, media.shape, "", &result)
        return result.changes.count > before ? clean.bytes() : nil
    }

    /// Depth is bounded by the limits the body was read with.
    private func clean(_ value: JSONValue, _ shape: Int, _ pointer: String, _ result: inout SanitizedRequest) -> JSONValue {
        switch value {
        case .string(let text):
            guard !model.shapes[shape].isSecret, let (clean, kinds) = TextCleaning(steps: steps).clean(text) else { return value }
            for kind in kinds { result.note(kind, .body, pointer) }
            return .string(clean)
        case .array(let items):
            let inner = model.shapes.items(of: shape)
            var cleaned: [JSONValue] = []
            for (offset, item) in items.enumerated() { cleaned.append(clean(item, inner, "\(pointer)/\(offset)", &result)) }
            return .array(cleaned)
        case .object(let object): return .object(clean(object, model.shapes[shape], pointer, &result))
        default: return value
        }
    }

    private func clean(_ object: JSONObject, _ facts: ValueShape, _ pointer: String, _ result: inout SanitizedRequest) -> JSONObject {
        var cleaned = JSONObject()
        let isDescribed = !facts.properties.isEmpty || facts.additional != nil
        for (name, value) in object {
            let place = pointer + "/" + PointerText.escape(name)
            let number = facts.properties[name] ?? facts.additional
            if number == nil, isDescribed, steps.contains(.stripUnknown) {
                result.note(.removedUnknown, .body, place)
            } else if let number, model.shapes[number].isReadOnly, steps.contains(.stripReadOnly) {
                result.note(.removedReadOnly, .body, place)
            } else {
                cleaned.append(name, clean(value, number ?? ShapeTable.anything, place, &result))
            }
        }
        if steps.contains(.fillDefaults) { fill(&cleaned, object, facts, pointer, &result) }
        return cleaned
    }

    private func fill(
        _ cleaned: inout JSONObject, _ object: JSONObject, _ facts: ValueShape, _ pointer: String, _ result: inout SanitizedRequest
    ) {
        for name in facts.certainProperties.sorted() where !object.contains(key: name) {
            guard let number = facts.properties[name], let value = model.shapes[number].defaultValue, !model.shapes[number].isReadOnly
            else { continue }
            cleaned.append(name, value)
            result.note(.filledDefault, .body, pointer + "/" + PointerText.escape(name))
        }
    }
}
