/// The `name=value` pairs of a query string or a form body, values still encoded.
struct QueryString: Sendable {
    struct Pair: Sendable {
        /// Decoded.
        let name: String
        /// As it was sent.
        let raw: ArraySlice<UInt8>
    }

    /// Why a query string was refused as a whole.
    enum Fault: Error {
        case badEncoding
        case tooManyPairs(limit: Int)
    }

    let pairs: [Pair]

    static let empty = QueryString(pairs: [])

    private init(pairs: [Pair]) { self.pairs = pairs }

    /// Cuts at `&` and the first `=`; empty pieces are passed over, `+` in names is a space.
    init(_ raw: ArraySlice<UInt8>, limit: Int) throws(Fault) {
        var pairs: [Pair] = []
        for piece in raw.split(separator: UInt8(ascii: "&")) {
            let equals = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.endIndex
            guard let name = Percent.decodeText(piece[..<equals], plus: .space), !name.utf8.contains(0) else { throw .badEncoding }
            guard pairs.count < limit else { throw .tooManyPairs(limit: limit) }
            pairs.append(Pair(name: name, raw: piece[equals...].dropFirst()))
        }
        self.pairs = pairs
    }

    func values(of name: String) -> [ArraySlice<UInt8>] {
        pairs.compactMap { $0.name == name ? $0.raw : nil }
    }
}
