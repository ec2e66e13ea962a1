/// Cuts encoded text at its delimiters and decodes the pieces.
///
/// Cutting comes first: a delimiter that is percent-encoded belongs to the value.
struct DelimitedText {
    /// What turns a piece into text.
    enum Decoding: Sendable {
        case percent, form, none
    }

    let decoding: Decoding

    func text(_ raw: ArraySlice<UInt8>) throws(StyleFault) -> String {
        let text: String? =
            switch decoding {
            case .percent: Percent.decodeText(raw)
            case .form: Percent.decodeText(raw, plus: .space)
            case .none: UTF8Text.validated(raw)
            }
        guard let text else { throw .badEncoding }
        return text
    }

    func list(_ raw: ArraySlice<UInt8>, at delimiter: UInt8) throws(StyleFault) -> [String] {
        try list(raw.split(separator: delimiter, omittingEmptySubsequences: false))
    }

    func list(_ pieces: [ArraySlice<UInt8>]) throws(StyleFault) -> [String] {
        var result: [String] = []
        result.reserveCapacity(pieces.count)
        for piece in pieces { result.append(try text(piece)) }
        return result
    }

    /// `name,value,name,value`.
    func alternating(_ pieces: [ArraySlice<UInt8>]) throws(StyleFault) -> [Serialized.Field] {
        guard pieces.count.isMultiple(of: 2) else { throw .malformed }
        var fields: [Serialized.Field] = []
        for index in stride(from: 0, to: pieces.count, by: 2) {
            try append(Serialized.Field(name: text(pieces[index]), value: text(pieces[index + 1])), to: &fields)
        }
        return fields
    }

    /// `name=value` pieces.
    func assignments(_ pieces: [ArraySlice<UInt8>]) throws(StyleFault) -> [Serialized.Field] {
        var fields: [Serialized.Field] = []
        for piece in pieces {
            guard let equals = piece.firstIndex(of: UInt8(ascii: "=")) else { throw .malformed }
            try append(Serialized.Field(name: text(piece[..<equals]), value: text(piece[(equals + 1)...])), to: &fields)
        }
        return fields
    }

    private func append(_ field: Serialized.Field, to fields: inout [Serialized.Field]) throws(StyleFault) {
        guard !fields.contains(where: { $0.name == field.name }) else { throw .repeated }
        fields.append(field)
    }
}
