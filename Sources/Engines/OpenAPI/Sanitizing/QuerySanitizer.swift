/// Changes query strings and urlencoded forms pair by pair; pairs without a change keep their bytes.
struct QuerySanitizer {
    /// What is known of a pair's name.
    private enum Known {
        case unknown
        case leftAlone
        case shaped(Int)
    }

    let model: CompiledModel
    let steps: SanitizeSteps

    func sanitize(_ query: String, _ operation: CompiledOperation, _ result: inout SanitizedRequest) {
        guard operation.wholeQuery == nil else { return }
        let before = result.changes.count
        var pieces = kept(Array(query.utf8), .query, &result) { name in
            if let parameter = operation.queryParameters.first(where: { $0.name == name }) { return .shaped(parameter.shape) }
            return operation.takesOtherQueryNames || QueryJudging.isKnown(name, operation) ? .leftAlone : .unknown
        }
        if steps.contains(.fillDefaults) { addDefaults(operation, &pieces, &result) }
        if result.changes.count > before { result.query = join(pieces) }
    }

    /// A form's body; nil where nothing was changed.
    func form(_ body: [UInt8], _ media: CompiledMedia, _ result: inout SanitizedRequest) -> [UInt8]? {
        let facts = model.shapes[media.shape]
        let before = result.changes.count
        var pieces = kept(body, .body, &result) { name in
            if let shape = facts.properties[name] ?? facts.additional { return .shaped(shape) }
            return facts.properties.isEmpty || name.contains("[") ? .leftAlone : .unknown
        }
        if steps.contains(.fillDefaults) { addDefaults(facts, &pieces, &result) }
        return result.changes.count > before ? Array(join(pieces).utf8) : nil
    }

    /// The pairs that stay.
    private func kept(
        _ raw: [UInt8], _ location: OpenAPIIssue.Location, _ result: inout SanitizedRequest, known: (String) -> Known
    ) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        for piece in raw.split(separator: UInt8(ascii: "&")) {
            guard let name = name(of: piece) else {
                pieces.append(Array(piece))
                continue
            }
            switch known(name) {
            case .unknown where steps.contains(.stripUnknown): result.note(.removedUnknown, location, String(name.prefix(128)))
            case .unknown, .leftAlone: pieces.append(Array(piece))
            case .shaped(let shape): pieces.append(cleaned(piece, name, shape, location, &result))
            }
        }
        return pieces
    }

    private func cleaned(
        _ piece: ArraySlice<UInt8>, _ name: String, _ shape: Int, _ location: OpenAPIIssue.Location, _ result: inout SanitizedRequest
    ) -> [UInt8] {
        let facts = model.shapes[shape]
        guard facts.types.contains(.string), !facts.isSecret, let equals = piece.firstIndex(of: UInt8(ascii: "=")),
            let text = Percent.decodeText(piece[(equals + 1)...], plus: .space), let (clean, kinds) = TextCleaning(steps: steps).clean(text)
        else { return Array(piece) }
        for kind in kinds { result.note(kind, location, name) }
        return Array(piece[...equals]) + encode(clean)
    }

    // MARK: Defaults

    private func addDefaults(_ operation: CompiledOperation, _ pieces: inout [[UInt8]], _ result: inout SanitizedRequest) {
        let names = Set(pieces.compactMap { name(of: $0[...]) })
        for parameter in operation.queryParameters where !names.contains(parameter.name) && parameter.content == nil {
            guard let texts = DefaultText.texts(of: parameter.defaultValue) else { continue }
            let name = encode(parameter.name) + [UInt8(ascii: "=")]
            if parameter.explode {
                for text in texts { pieces.append(name + encode(text)) }
            } else {
                pieces.append(name + Array(texts.map(encode).joined(separator: Array(delimiter(parameter.style).utf8))))
            }
            result.note(.filledDefault, .query, parameter.name)
        }
    }

    private func addDefaults(_ facts: ValueShape, _ pieces: inout [[UInt8]], _ result: inout SanitizedRequest) {
        let names = Set(pieces.compactMap { name(of: $0[...]) })
        for property in facts.certainProperties.sorted() where !names.contains(property) {
            guard let number = facts.properties[property], let texts = DefaultText.texts(of: model.shapes[number].defaultValue) else {
                continue
            }
            for text in texts { pieces.append(encode(property) + [UInt8(ascii: "=")] + encode(text)) }
            result.note(.filledDefault, .body, property)
        }
    }

    private func delimiter(_ style: ParameterStyle) -> String {
        switch style {
        case .spaceDelimited: "%20"
        case .pipeDelimited: "%7C"
        default: ","
        }
    }

    // MARK: Text

    private func name(of piece: ArraySlice<UInt8>) -> String? {
        Percent.decodeText(piece.prefix { $0 != UInt8(ascii: "=") }, plus: .space)
    }

    private func join(_ pieces: [[UInt8]]) -> String {
        String(decoding: Array(pieces.joined(separator: [UInt8(ascii: "&")])), as: UTF8.self)
    }

    private func encode(_ text: String) -> [UInt8] { Percent.encode(text.utf8) }
}
