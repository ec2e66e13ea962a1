@_spi(_Unicode) import Swift

/// Unicode normalization, as far as host names need it.
enum Normalization {
    /// Whether the text is in Normalization Form C.
    static func isNFC(_ scalars: [Unicode.Scalar]) -> Bool {
        String(String.UnicodeScalarView(scalars))._nfc.elementsEqual(scalars)
    }
}
