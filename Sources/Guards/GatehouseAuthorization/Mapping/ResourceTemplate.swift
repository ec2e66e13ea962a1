internal import Cedar

/// A resource's name with places in braces, such as `Order::"{id}"`.
struct ResourceTemplate: Sendable, Equatable {
    private enum Part: Sendable, Equatable {
        case text(String)
        case place(String)
    }

    let type: Text
    private let parts: [Part]

    /// The names between braces, in order.
    var places: [String] { parts.compactMap { if case .place(let name) = $0 { name } else { nil } } }

    /// A fixed name.
    init(type: Text, id: String) {
        self.type = type
        parts = [.text(id)]
    }

    /// Reads the text.
    ///
    /// - Throws: ``AuthorizationFault`` where it is no entity.
    init(_ text: String, names: TypeNames) throws(AuthorizationFault) {
        guard let mark = text.firstRange(of: "::\""), text.hasSuffix("\""), mark.upperBound < text.endIndex else {
            throw AuthorizationFault("`\(text)` is no resource such as `Order::\"{id}\"`")
        }
        type = names.type(String(text[..<mark.lowerBound]))
        var parts: [Part] = []
        var rest = text[mark.upperBound...].dropLast()
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { throw AuthorizationFault("a brace in `\(text)` has no partner") }
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            parts.append(.place(String(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        guard !parts.isEmpty else { throw AuthorizationFault("`\(text)` has no id") }
        self.parts = parts
    }

    /// The resource; nil where a place has no value or an empty one.
    func resource(_ value: (String) -> String?) -> EntityUID? {
        if parts.count == 1, case .place(let name) = parts[0] {
            guard let text = value(name), !text.isEmpty else { return nil }
            return EntityUID(type: type, id: Text(text))
        }
        var id = ""
        for part in parts {
            switch part {
            case .text(let text): id += text
            case .place(let name):
                guard let text = value(name), !text.isEmpty else { return nil }
                id += text
            }
        }
        return EntityUID(type: type, id: Text(id))
    }
}
