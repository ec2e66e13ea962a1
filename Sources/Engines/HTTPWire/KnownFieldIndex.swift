/// Finds known fields by their names: a table of hashes over length and three letters, made once.
struct KnownFieldIndex: Sendable {
    static let standard = KnownFieldIndex()

    private static let mask = 511

    /// The raw value of the field in each slot, 0 for none.
    private let slots: [UInt8]
    /// All names one after the other, and where each begins and ends.
    let letters: [UInt8]
    private let ends: [UInt16]
    private let longest: Int

    private init() {
        letters = KnownField.names.flatMap { Array($0.utf8) }
        ends = KnownField.names.reduce(into: []) { $0.append(($0.last ?? 0) + UInt16($1.utf8.count)) }
        longest = KnownField.names.reduce(0) { max($0, $1.utf8.count) }
        var slots = [UInt8](repeating: 0, count: Self.mask + 1)
        for field in KnownField.allCases {
            let name = Array(field.name.utf8)
            var slot = Self.hash(name.span)
            while slots[slot] != 0 { slot = (slot + 1) & Self.mask }
            slots[slot] = field.rawValue
        }
        self.slots = slots
    }

    /// Where the name of a field stands in ``letters``.
    @inline(__always)
    func range(of field: KnownField) -> Range<Int> { Int(ends[Int(field.rawValue) - 1])..<Int(ends[Int(field.rawValue)]) }

    /// The field of a lower-case name.
    func field(of name: Span<UInt8>) -> KnownField? {
        guard name.count > 1, name.count <= longest else { return nil }
        var slot = Self.hash(name)
        while slots[slot] != 0 {
            if isName(of: slots[slot], name) { return KnownField(rawValue: slots[slot]) }
            slot = (slot &+ 1) & Self.mask
        }
        return nil
    }

    private func isName(of candidate: UInt8, _ name: Span<UInt8>) -> Bool {
        let start = Int(ends[Int(candidate) - 1])
        guard Int(ends[Int(candidate)]) - start == name.count else { return false }
        for index in 0..<name.count where letters[start + index] != name[index] { return false }
        return true
    }

    @inline(__always)
    private static func hash(_ name: Span<UInt8>) -> Int {
        let count = name.count
        return (count &* 31 &+ Int(name[0]) &* 7 &+ Int(name[count / 2]) &* 53 &+ Int(name[count - 1]) &* 131) & mask
    }
}
