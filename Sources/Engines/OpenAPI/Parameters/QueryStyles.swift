/// The styles of query parameters and form fields (OpenAPI, "Style Values").
struct QueryStyles {
    let name: String
    let style: ParameterStyle
    let explode: Bool
    var decoding = DelimitedText.Decoding.form

    private var text: DelimitedText { DelimitedText(decoding: decoding) }

    /// Takes the parameter out of the pairs; nil where it is not there.
    ///
    /// - Parameter isField: tells the names that an exploded object takes as its own.
    func parse(_ query: QueryString, form: SerializedForm, isField: (String) -> Bool) throws(StyleFault) -> Serialized? {
        if style == .deepObject { return form == .fields ? try deepObject(query) : nil }
        if explode, form == .fields { return try explodedFields(query, isField) }
        let values = query.values(of: name)
        guard let first = values.first else { return nil }
        if explode, form == .list { return .list(try text.list(values)) }
        guard values.count == 1 else { throw .repeated }
        if form == .scalar { return .scalar(try text.text(first)) }
        if first.isEmpty { return form == .list ? .list([""]) : .fields([]) }
        let pieces = cut(first)
        return form == .list ? .list(try text.list(pieces)) : .fields(try text.alternating(pieces))
    }

    /// `R=100&G=200`.
    private func explodedFields(_ query: QueryString, _ isField: (String) -> Bool) throws(StyleFault) -> Serialized? {
        var fields: [Serialized.Field] = []
        for pair in query.pairs where isField(pair.name) {
            fields.append(Serialized.Field(name: pair.name, value: try text.text(pair.raw)))
        }
        return fields.isEmpty ? nil : .fields(fields)
    }

    /// `color[R]=100&color[G]=200`; a field that is sent again becomes an array, further brackets have no meaning.
    private func deepObject(_ query: QueryString) throws(StyleFault) -> Serialized? {
        var fields: [Serialized.Field] = []
        for pair in query.pairs {
            guard let field = deepField(pair.name) else { continue }
            if field.isEmpty || field.utf8.contains(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") }) { throw .malformed }
            fields.append(Serialized.Field(name: field, value: try text.text(pair.raw)))
        }
        return fields.isEmpty ? nil : .fields(fields)
    }

    /// The `R` of `color[R]`.
    func deepField(_ pairName: String) -> String? {
        guard pairName.utf8.last == UInt8(ascii: "]"), pairName.utf8.starts(with: name.utf8) else { return nil }
        let rest = pairName.utf8.dropFirst(name.utf8.count)
        guard rest.first == UInt8(ascii: "[") else { return nil }
        return String(decoding: rest.dropFirst().dropLast(), as: UTF8.self)
    }

    private func cut(_ raw: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        switch style {
        case .spaceDelimited: QueryStyles.cut(raw, atByte: 0x20, orEncoded: UInt8(ascii: "+"))
        case .pipeDelimited: QueryStyles.cut(raw, atByte: UInt8(ascii: "|"), orEncoded: UInt8(ascii: "|"))
        default: raw.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        }
    }

    /// Cuts at a character, at its percent-encoded form, and at another that stands for it.
    private static func cut(_ raw: ArraySlice<UInt8>, atByte byte: UInt8, orEncoded other: UInt8) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = raw.startIndex
        var index = raw.startIndex
        while index < raw.endIndex {
            let width = delimiterWidth(raw, at: index, byte, other)
            if width > 0 {
                pieces.append(raw[start..<index])
                start = index + width
            }
            index += max(width, 1)
        }
        pieces.append(raw[start...])
        return pieces
    }

    private static func delimiterWidth(_ raw: ArraySlice<UInt8>, at index: Int, _ byte: UInt8, _ other: UInt8) -> Int {
        if raw[index] == byte || raw[index] == other { return 1 }
        guard raw[index] == UInt8(ascii: "%"), index + 2 < raw.endIndex else { return 0 }
        guard let high = Percent.hexDigit(raw[index + 1]), let low = Percent.hexDigit(raw[index + 2]) else { return 0 }
        return high << 4 | low == byte ? 3 : 0
    }
}
