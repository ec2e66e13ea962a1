/// What a client is ready to take, from `Accept` (RFC 9110, section 12.5.1).
struct AcceptHeader {
    private struct Preference {
        let range: MediaType
        let isRefused: Bool
    }

    private let preferences: [Preference]

    /// Reads all lines of the header; a malformed header accepts everything, as a server may disregard it.
    init(_ lines: [String]) {
        var preferences: [Preference] = []
        for line in lines {
            guard let read = AcceptHeader.read(line) else {
                self.preferences = []
                return
            }
            preferences += read
        }
        self.preferences = preferences
    }

    /// True where a response of this documented type or range could satisfy the client.
    func accepts(_ offered: MediaType) -> Bool {
        guard !preferences.isEmpty else { return true }
        let matching = preferences.filter { $0.range.covers(offered) || offered.covers($0.range) }
        guard let best = matching.max(by: { $0.range.specificity < $1.range.specificity }) else { return false }
        return !best.isRefused || matching.contains { !$0.isRefused && offered.covers($0.range) && !$0.range.covers(offered) }
    }

    private static func read(_ line: String) -> [Preference]? {
        var scanner = TokenScanner(Array(line.utf8))
        var result: [Preference] = []
        while !scanner.isAtEnd, result.count < 100 {
            if !scanner.take(UInt8(ascii: ",")) {
                guard let type = scanner.token(), scanner.take(UInt8(ascii: "/")), let subtype = scanner.token() else { return nil }
                guard let parameters = scanner.parameters() else { return nil }
                let own = parameters.prefix { !ASCII.equalsIgnoringCase($0.name.utf8, "q".utf8) }
                let weight = parameters.dropFirst(own.count).first?.value
                guard let range = MediaType(type: type, subtype: subtype, parameters: Array(own)) else { return nil }
                result.append(Preference(range: range, isRefused: weight.map(isZero) ?? false))
                guard scanner.isAtEnd || scanner.next == UInt8(ascii: ",") else { return nil }
            }
            scanner.skipBlanks()
        }
        return result
    }

    /// `0`, `0.` to `0.000`.
    private static func isZero(_ weight: String) -> Bool {
        weight.first == "0" && weight.utf8.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
    }
}
