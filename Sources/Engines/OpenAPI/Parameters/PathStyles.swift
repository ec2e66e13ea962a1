/// The styles of path parameters and, as `simple`, of headers (OpenAPI, "Style Values"; RFC 6570).
enum PathStyles {
    /// Takes the raw text of one expression apart.
    static func parse(
        _ raw: ArraySlice<UInt8>, name: String, style: ParameterStyle, explode: Bool, form: SerializedForm,
        decoding: DelimitedText.Decoding = .percent
    ) throws(StyleFault) -> Serialized {
        let text = DelimitedText(decoding: decoding)
        switch style {
        case .label: return try label(raw, explode, form, text)
        case .matrix: return try matrix(raw, name, explode, form, text)
        default: return try simple(raw, explode, form, text)
        }
    }

    /// `blue`, `blue,black`, `R,100,G,200`; exploded objects are `R=100,G=200`.
    private static func simple(
        _ raw: ArraySlice<UInt8>, _ explode: Bool, _ form: SerializedForm, _ text: DelimitedText
    ) throws(StyleFault) -> Serialized {
        let comma = UInt8(ascii: ",")
        switch form {
        case .scalar: return .scalar(try text.text(raw))
        case .list: return .list(try text.list(raw, at: comma))
        case .fields:
            let pieces = raw.split(separator: comma, omittingEmptySubsequences: false)
            return .fields(explode ? try text.assignments(pieces) : try text.alternating(pieces))
        }
    }

    /// `.blue`, `.blue,black`, `.R,100,G,200`; exploded `.blue.black` and `.R=100.G=200`.
    private static func label(
        _ raw: ArraySlice<UInt8>, _ explode: Bool, _ form: SerializedForm, _ text: DelimitedText
    ) throws(StyleFault) -> Serialized {
        guard raw.first == UInt8(ascii: ".") else { throw .malformed }
        let rest = raw.dropFirst()
        let delimiter = UInt8(ascii: explode ? "." : ",")
        switch form {
        case .scalar: return .scalar(try text.text(rest))
        case .list: return .list(rest.isEmpty ? [] : try text.list(rest, at: delimiter))
        case .fields:
            let pieces = rest.split(separator: delimiter, omittingEmptySubsequences: false)
            return .fields(explode ? try text.assignments(pieces) : try text.alternating(pieces))
        }
    }

    /// `;color=blue`, `;color=blue,black`, `;color=R,100`; exploded `;color=blue;color=black` and `;R=100;G=200`.
    private static func matrix(
        _ raw: ArraySlice<UInt8>, _ name: String, _ explode: Bool, _ form: SerializedForm, _ text: DelimitedText
    ) throws(StyleFault) -> Serialized {
        guard raw.first == UInt8(ascii: ";") else { throw .malformed }
        let pieces = raw.dropFirst().split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        if explode, form == .fields { return .fields(try text.assignments(pieces)) }
        var values: [ArraySlice<UInt8>] = []
        for piece in pieces {
            let equals = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.endIndex
            guard try text.text(piece[..<equals]) == name else { throw .malformed }
            values.append(piece[equals...].dropFirst())
        }
        if explode, form == .list { return .list(try text.list(values)) }
        guard values.count == 1 else { throw .repeated }
        let comma = UInt8(ascii: ",")
        switch form {
        case .scalar: return .scalar(try text.text(values[0]))
        case .list: return .list(try text.list(values[0], at: comma))
        case .fields: return .fields(try text.alternating(values[0].split(separator: comma, omittingEmptySubsequences: false)))
        }
    }
}
