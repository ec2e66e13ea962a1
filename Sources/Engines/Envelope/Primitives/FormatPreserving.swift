/// FF1 on text: characters of an alphabet change, everything else (spaces, dashes, dots) stays in its place.
///
///     let cards = try FormatPreserving(key: key, alphabet: "0123456789")
///     try cards.encrypt("4111-1111-1111-1111", tweak: tweak)   // "7302-9951-0482-6647", say
///
/// Refuses: text with so few characters of the alphabet that its values could be tried one by one (under 1,000,000).
public struct FormatPreserving: Sendable {
    private let cipher: FF1
    private let alphabet: [Character]
    private let numerals: [Character: UInt16]

    /// - Parameter alphabet: the characters that change, each once.
    /// - Throws: ``EnvelopeError`` with code `domain` for a repeated character or an alphabet of under two.
    public init(key: [UInt8], alphabet: String, minimumDomain: Int = 1_000_000) throws(EnvelopeError) {
        let characters = Array(alphabet)
        guard Set(characters).count == characters.count else { throw EnvelopeError(.domain, "a character stands twice in the alphabet") }
        cipher = try FF1(key: key, radix: characters.count, minimumDomain: minimumDomain)
        self.alphabet = characters
        numerals = Dictionary(uniqueKeysWithValues: zip(characters, characters.indices.map { UInt16($0) }))
    }

    /// - Throws: ``EnvelopeError`` with code `domain` or `size`.
    public func encrypt(_ text: String, tweak: [UInt8]) throws(EnvelopeError) -> String {
        replaced(text, with: try cipher.encrypt(text.compactMap { numerals[$0] }, tweak: tweak))
    }

    /// - Throws: ``EnvelopeError`` with code `domain` or `size`.
    public func decrypt(_ text: String, tweak: [UInt8]) throws(EnvelopeError) -> String {
        replaced(text, with: try cipher.decrypt(text.compactMap { numerals[$0] }, tweak: tweak))
    }

    private func replaced(_ text: String, with values: [UInt16]) -> String {
        var next = values.makeIterator()
        return String(text.map { numerals[$0] == nil ? $0 : next.next().map { alphabet[Int($0)] } ?? $0 })
    }
}
