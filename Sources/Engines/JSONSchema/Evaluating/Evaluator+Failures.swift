import StrictJSON

/// A step from a schema into one of its subschemas, put into words only when an error needs it.
enum Step {
    /// Under a keyword whose place has this number.
    case keyword(UInt32)
    /// At a place in the keyword's array.
    case element(UInt32, Int)
    /// Under the name of a slot in the keyword's object.
    case slot(UInt32, Int)
    /// Under one of the program's texts in the keyword's object.
    case text(UInt32, Int)
    /// Under `then` or `else`, which have no place of their own.
    case branch(StaticString)
}

extension Evaluator {
    /// The step as part of a JSON Pointer.
    private func text(_ step: Step) -> String {
        func keyword(_ location: UInt32) -> String { "/" + program.locations[Int(location)].keyword }
        return switch step {
        case .keyword(let location): keyword(location)
        case .element(let location, let place): keyword(location) + "/\(place)"
        case .slot(let location, let slot): keyword(location) + "/" + JSONPointer.escape(names.text(slots[slot]))
        case .text(let location, let number): keyword(location) + "/" + JSONPointer.escape(program.texts[number])
        case .branch(let name): "/" + name.description
        }
    }

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
                value: node(index), keyword: name, message: message,
                keywordLocation: trail.map(text).joined() + suffix,
                absoluteKeywordLocation: program.resourceURIs[Int(place.resource)] + "#" + place.schemaPointer + suffix, causes: causes))
    }

    /// Validates with a schema that stands at `step` below the one at hand.
    @inline(__always)
    mutating func descend(_ schema: Int32, _ index: Int, _ tracking: Int, _ step: Step) -> Bool {
        if limit == 0 { return validate(Int(schema), index, tracking) }
        trail.append(step)
        defer { trail.removeLast() }
        return validate(Int(schema), index, tracking)
    }
}
