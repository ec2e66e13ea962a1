/// The parts of a compact text between its dots.
struct CompactForm {
    /// Where the dots stand.
    let dots: [Int]

    /// Finds the dots.
    ///
    /// - Throws: ``JOSEError/Code/limitExceeded``, and ``JOSEError/Code/malformed`` where there are not exactly so many parts.
    init(_ text: [UInt8], parts: Int, limit: Int) throws(JOSEError) {
        guard text.count <= limit else { throw JOSEError(.limitExceeded, "\(text.count) bytes, more than the limit of \(limit)") }
        var dots: [Int] = []
        dots.reserveCapacity(parts)
        for index in text.indices where text[index] == UInt8(ascii: ".") {
            guard dots.count < parts else { break }
            dots.append(index)
        }
        guard dots.count == parts - 1 else { throw JOSEError(.malformed, "not \(parts) parts between dots") }
        self.dots = dots
    }

    /// The range of a part.
    func range(_ part: Int, of text: [UInt8]) -> Range<Int> {
        (part == 0 ? 0 : dots[part - 1] + 1)..<(part == dots.count ? text.count : dots[part])
    }

    /// The bytes that a part spells.
    func decode(_ part: Int, of text: [UInt8], _ name: String) throws(JOSEError) -> [UInt8] {
        guard let bytes = Base64URL.decode(text.span.extracting(range(part, of: text))) else {
            throw JOSEError(.malformed, "the \(name) is not canonical base64url")
        }
        return bytes
    }
}
