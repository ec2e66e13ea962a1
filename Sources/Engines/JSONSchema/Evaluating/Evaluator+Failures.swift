import StrictJSON

extension Evaluator {
    /// Whether further failures are worth finding.
    var collects: Bool { errors.count < limit }

    /// Notes a failure where errors are collected; always false.
    @inline(__always)
    mutating func fail(
        _ location: UInt32, _ keyword: String? = nil, _ index: Int, _ message: @autoclosure () -> String, causes: [ValidationError] = []
    ) -> Bool {
        if limit > 0 { note(location, keyword, index, message(), causes) }
        return false
    }

    @inline(never)
    private mutating func note(_ location: UInt32, _ keyword: String?, _ index: Int, _ message: String, _ causes: [ValidationError]) {
        guard errors.count < limit else { return }
        let place = program.locations[Int(location)]
        let name = keyword ?? place.keyword
        let suffix = name.isEmpty ? "" : "/" + JSONPointer.escape(name)
        errors.append(
            ValidationError(
                value: JSONNode(document: document, index: index), keyword: name, message: message,
                keywordLocation: trail.joined() + suffix,
                absoluteKeywordLocation: program.resourceURIs[Int(place.resource)] + "#" + place.schemaPointer + suffix, causes: causes))
    }

    /// Validates with a schema that stands at `step` below the one at hand.
    @inline(__always)
    mutating func descend(_ schema: Int32, _ index: Int, _ tracking: Int, _ step: @autoclosure () -> String) -> Bool {
        if limit == 0 { return validate(Int(schema), index, tracking) }
        trail.append(step())
        defer { trail.removeLast() }
        return validate(Int(schema), index, tracking)
    }
}
