/// One target of a rule as it is written: `ARGS`, `!ARGS:token`, `&TX:score`, `REQUEST_COOKIES:/^_ga/`, `XML:/*`.
struct TargetDefinition: Sendable, Equatable {
    enum Kind: Sendable { case inclusion, exclusion, count }

    var kind: Kind
    var variable: Variable
    /// What follows the colon.
    var selector: String?
    var location: SourceLocation

    /// Reads a list of targets, divided by bars or commas.
    ///
    /// - Throws: `Complaint` for unknown names, selectors on single values and counts of them.
    static func read(_ text: String, at place: (Int) -> SourceLocation) throws(Complaint) -> [TargetDefinition] {
        let items = try NameValueList.read(text)
        var targets: [TargetDefinition] = []
        for item in items { targets.append(try target(item, at: place(item.offset))) }
        guard !targets.isEmpty else { throw Complaint("targets are missing") }
        return targets
    }

    private static func target(_ item: NameValueList.Item, at location: SourceLocation) throws(Complaint) -> TargetDefinition {
        var name = item.name
        var kind = Kind.inclusion
        if name.hasPrefix("!") || name.hasPrefix("&") {
            kind = name.hasPrefix("!") ? .exclusion : .count
            name.removeFirst()
        }
        var selector = item.value
        if name.hasPrefix("HTTP_"), name.count > 5 {
            selector = String(name.dropFirst(5))
            name = "REQUEST_HEADERS"
        }
        let variable = try resolve(name, offset: item.offset)
        guard variable.isCollection || selector == nil else {
            throw Complaint("`\(name)` is a single value and takes no selector", offset: item.offset)
        }
        guard variable.isCollection || kind != .count else {
            throw Complaint("`&` counts the members of a collection; `\(name)` is a single value", offset: item.offset)
        }
        return TargetDefinition(kind: kind, variable: variable, selector: selector, location: location)
    }

    static func resolve(_ name: String, offset: Int) throws(Complaint) -> Variable {
        if let variable = Variable.named(name) { return variable }
        if let why = Variable.refusal(of: name.uppercased()) {
            throw Complaint("variable `\(name)` is not available: \(why)", offset: offset)
        }
        throw Complaint("unknown variable `\(name)`", offset: offset)
    }
}
