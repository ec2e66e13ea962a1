/// The pairs of a request's `Cookie` lines (RFC 6265, section 5.4).
struct CookieHeader {
    let pairs: [QueryString.Pair]

    /// Cuts at `;` and the first `=`, without blanks and without the quotes around a value; pieces without `=` are passed over.
    init(_ lines: [String], limit: Int) throws(QueryString.Fault) {
        var pairs: [QueryString.Pair] = []
        for line in lines {
            for piece in Array(line.utf8).split(separator: UInt8(ascii: ";")) {
                guard let equals = piece.firstIndex(of: UInt8(ascii: "=")) else { continue }
                guard pairs.count < limit else { throw .tooManyPairs(limit: limit) }
                let name = String(decoding: ASCII.trimmed(piece[..<equals]), as: UTF8.self)
                pairs.append(QueryString.Pair(name: name, raw: CookieHeader.unquoted(ASCII.trimmed(piece[(equals + 1)...]))))
            }
        }
        self.pairs = pairs
    }

    private static func unquoted(_ raw: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard raw.count >= 2, raw.first == UInt8(ascii: "\""), raw.last == UInt8(ascii: "\"") else { return raw }
        return raw.dropFirst().dropLast()
    }

    /// Takes a parameter out of the cookies; nil where it is not there.
    ///
    /// Arrays in `form` style may also be written in one cookie, `color=blue&color=black`, as RFC 6570 would.
    func parse(
        _ name: String, style: ParameterStyle, explode: Bool, form: SerializedForm, isField: (String) -> Bool
    ) throws(StyleFault) -> Serialized? {
        let styles = QueryStyles(name: name, style: .form, explode: explode, decoding: style == .cookie ? .none : .percent)
        return try styles.parse(
            QueryString(cookies: pairs, splittingAmpersands: style == .form && explode && form != .scalar), form: form, isField: isField)
    }
}

extension QueryString {
    fileprivate init(cookies: [Pair], splittingAmpersands: Bool) {
        guard splittingAmpersands else {
            pairs = cookies
            return
        }
        pairs = cookies.flatMap { cookie -> [Pair] in
            let pieces = cookie.raw.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
            guard pieces.count > 1 else { return [cookie] }
            let rest = pieces.dropFirst().map { piece in
                let equals = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.endIndex
                return Pair(name: String(decoding: piece[..<equals], as: UTF8.self), raw: piece[equals...].dropFirst())
            }
            return [Pair(name: cookie.name, raw: pieces[0])] + rest
        }
    }
}
