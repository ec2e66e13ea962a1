/// Which passwords may be chosen, by NIST SP 800-63B-4 section 3.1.1.2: length and a blocklist, no composition, no expiry.
public struct PasswordRules: Sendable {
    /// Fewest characters where the password is the only factor; 15.
    public var minimumAlone = 15
    /// Fewest characters where another factor is always asked for; 8.
    public var minimumWithMFA = 8
    /// Most characters; 256. The standard asks for at least 64.
    public var maximum = 256
    /// Lists of passwords that are common, expected or known from breaches.
    public var blocklists: [any PasswordBlocklist] = []

    /// The defaults, with lists.
    public init(blocklists: [any PasswordBlocklist] = []) { self.blocklists = blocklists }

    /// Why a password is refused.
    public enum Refusal: Sendable, Hashable {
        /// Fewer characters than so many.
        case tooShort(minimum: Int)
        /// More characters than so many.
        case tooLong(maximum: Int)
        /// Holds control characters, which no keyboard types reliably.
        case controlCharacter
        /// On a blocklist.
        case known
        /// Little more than the user's name, address or the service's name.
        case expected
        /// One character or a short piece over and over, or a plain run such as `abcdefgh`.
        case repetitive
    }

    /// Judges a password that a user wants to set. Characters are counted as Unicode code points after normalization.
    ///
    /// - Parameters:
    ///   - hasMFA: Whether another factor is always asked for.
    ///   - context: Words that are easily guessed here: user name, e-mail address, service name.
    /// - Returns: The reason against it, or nil.
    public func refusal(of password: String, hasMFA: Bool, context: [String] = []) -> Refusal? {
        let folded = PasswordText.folded(password)
        let scalars = String(decoding: PasswordText.normalized(password), as: UTF8.self).unicodeScalars
        let minimum = hasMFA ? minimumWithMFA : minimumAlone
        guard scalars.count >= minimum else { return .tooShort(minimum: minimum) }
        guard scalars.count <= maximum else { return .tooLong(maximum: maximum) }
        guard !scalars.contains(where: { $0.properties.generalCategory == .control }) else { return .controlCharacter }
        if Self.isRepetitive(folded) { return .repetitive }
        if Self.isExpected(folded, context) { return .expected }
        return blocklists.contains { $0.contains(password) || $0.contains(folded) } ? .known : nil
    }

    /// True where a piece of up to four characters makes up the whole, or each character follows the one before it.
    private static func isRepetitive(_ text: String) -> Bool {
        let values = text.unicodeScalars.map(\.value)
        let repeats = (1...4).contains { period in values.indices.dropFirst(period).allSatisfy { values[$0] == values[$0 - period] } }
        let steps = zip(values, values.dropFirst()).map { Int64($1) - Int64($0) }
        return repeats || steps.allSatisfy { $0 == 1 } || steps.allSatisfy { $0 == -1 }
    }

    /// True where fewer than five characters remain once the words that anybody would try are taken out.
    private static func isExpected(_ text: String, _ context: [String]) -> Bool {
        let words = context.flatMap { word in
            [PasswordText.folded(word)] + PasswordText.folded(word).split { !$0.isLetter && !$0.isNumber }.map(String.init)
        }
        let rest = words.filter { $0.count >= 4 }.sorted { $0.count > $1.count }.reduce(text) { remove($1, from: $0) }
        return rest.count < text.count && rest.count < 5
    }

    private static func remove(_ word: String, from text: String) -> String {
        text.split(separator: word, omittingEmptySubsequences: true).joined()
    }
}
