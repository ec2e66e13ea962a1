/// The classes of code points that a pattern cannot tell apart.
///
/// Everything after parsing works on class numbers, so that `\p{L}` costs no more than `[a-z]`.
struct Alphabet: Sendable {
    /// Number of classes.
    let count: Int
    /// Class of each ASCII character.
    let ascii: [UInt16]
    /// Where the intervals of one class begin, ascending, and the class of each.
    let starts: [UInt32]
    let classes: [UInt16]
    /// For each set: whether it holds each class.
    let members: [[Bool]]

    /// The alphabet in which the given sets are unions of classes.
    init(_ sets: [CodePointSet]) {
        var bounds: Set<UInt32> = [0]
        for range in sets.flatMap(\.ranges) {
            bounds.insert(range.lowerBound)
            if range.upperBound < 0x10FFFF { bounds.insert(range.upperBound + 1) }
        }
        let starts = bounds.sorted()
        var numbers: [[Bool]: UInt16] = [:]
        var signatures: [[Bool]] = []
        var classes: [UInt16] = []
        for start in starts {
            let signature = sets.map { $0.contains(start) }
            let number = numbers[signature] ?? UInt16(signatures.count)
            if numbers[signature] == nil {
                numbers[signature] = number
                signatures.append(signature)
            }
            classes.append(number)
        }
        self.starts = starts
        self.classes = classes
        count = signatures.count
        members = sets.indices.map { set in signatures.map { $0[set] } }
        ascii = (0..<128).map { code in classes[(starts.firstIndex { $0 > code } ?? starts.count) - 1] }
    }

    /// The class of a code point.
    func classOf(_ code: UInt32) -> UInt16 {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= code { low = middle } else { high = middle }
        }
        return classes[low]
    }
}
