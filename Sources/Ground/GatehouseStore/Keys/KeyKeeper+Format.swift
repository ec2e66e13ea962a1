import Crypto
public import Envelope

/// Columns that keep their format (FF1): as many characters of the same alphabet, separators in their places.
///
/// What is stored is a 13-byte header with key and version, and then the text; ``formatText(_:)`` shows it. Equal values of one purpose, tenant,
/// table and column look equal. Integrity is not protected: for a record that someone may edit, seal it as one.
extension KeyKeeper {
    /// Seals the characters of an alphabet in a text; all others stay in their places.
    ///
    /// - Parameter alphabet: the characters that change, each once.
    /// - Throws: ``EnvelopeError`` with code `domain` for text with fewer than 1,000,000 possible values, else as ``seal(_:at:in:)``.
    public func sealFormat(_ text: String, alphabet: String, at place: Place, in transaction: Transaction) throws -> [UInt8] {
        let view = try view(in: transaction)
        let ring = try view.ring(KeyName(.format, purpose: place.purpose, tenant: place.tenant))
        try use(ring, view, transaction)
        return try format(text, alphabet, place, ring.id, ring.primary, view)
    }

    /// Opens what ``sealFormat(_:alphabet:at:in:)`` sealed.
    ///
    /// - Throws: as ``open(_:at:in:)``; a value of another place opens to another text of the same format.
    public func openFormat(_ sealed: [UInt8], alphabet: String, at place: Place, in transaction: Transaction) throws -> String {
        let header = try SealedHeader(sealed, format: .format)
        let view = try view(in: transaction)
        try expect(header.key, KeyName(.format, purpose: place.purpose, tenant: place.tenant), view)
        return try view.material(header.key, header.version).withBytes { key in
            try FormatPreserving(key: key, alphabet: alphabet).decrypt(Self.formatText(sealed), tweak: Self.tweak(place))
        }
    }

    /// Every form that a value may have in a column: one per version in use, the primary's first.
    ///
    /// - Throws: ``EnvelopeError``, ``StoreError``.
    public func formatForms(of text: String, alphabet: String, at place: Place, in transaction: Transaction) throws -> [[UInt8]] {
        try forms(KeyName(.format, purpose: place.purpose, tenant: place.tenant), in: transaction) { id, version, view in
            try self.format(text, alphabet, place, id, version, view)
        }
    }

    /// The sealed text, which looks like what it hides.
    public static func formatText(_ sealed: [UInt8]) -> String { String(decoding: sealed.dropFirst(SealedHeader.count), as: UTF8.self) }

    private func format(
        _ text: String, _ alphabet: String, _ place: Place, _ id: KeyID, _ version: UInt32, _ view: KeyView
    ) throws -> [UInt8] {
        let sealed = try view.material(id, version).withBytes { key in
            try FormatPreserving(key: key, alphabet: alphabet).encrypt(text, tweak: Self.tweak(place))
        }
        return SealedHeader(.format, id, version).bytes + sealed.utf8
    }

    /// From field and tenant: 32 bytes.
    private static func tweak(_ place: Place) -> [UInt8] { Array(SHA256.hash(data: place.columnLabel)) }
}
