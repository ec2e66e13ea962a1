/// How a character joins its neighbours (Unicode's Joining_Type), as far as the rule for U+200C asks.
enum JoiningType {
    case none, left, right, dual, transparent

    init(_ code: UInt32) {
        if IDNATables.dual.contains(code) {
            self = .dual
        } else if IDNATables.right.contains(code) {
            self = .right
        } else if IDNATables.left.contains(code) {
            self = .left
        } else {
            self = IDNATables.transparent.contains(code) ? .transparent : .none
        }
    }
}

/// Direction classes of the rule of RFC 5893.
enum BidiClass {
    case l, r, al, an, en, nsm
    /// ES, CS, ET, ON and BN, which the rule treats alike.
    case neutral
    /// Classes that no label may have.
    case other

    init(_ code: UInt32) {
        self = IDNATables.bidi.first { $0.ranges.contains(code) }?.name ?? .l
    }

    /// The six conditions of RFC 5893 §2 on a label of a domain with right-to-left characters.
    static func isAllowedLabel(_ classes: [BidiClass]) -> Bool {
        guard let first = classes.first, let last = classes.last(where: { $0 != .nsm }) else { return false }
        switch first {
        case .r, .al:
            return classes.allSatisfy { [.r, .al, .an, .en, .neutral, .nsm].contains($0) } && [.r, .al, .en, .an].contains(last)
                && !(classes.contains(.en) && classes.contains(.an))
        case .l: return classes.allSatisfy { [.l, .en, .neutral, .nsm].contains($0) } && [.l, .en].contains(last)
        default: return false
        }
    }
}

/// Scripts that contextual rules name.
enum ScriptRanges {
    static let greek = RangeList(IDNATables.greek)
    static let hebrew = RangeList(IDNATables.hebrew)
    /// Hiragana, Katakana and Han.
    static let japanese = RangeList(IDNATables.japanese)
}

/// Sorted ranges of code points.
struct RangeList: Sendable {
    private let ranges: [ClosedRange<UInt32>]

    /// Ranges written as the distance of each start from the end before, and `+` the length less one, in base 36.
    init(_ text: StaticString) {
        var last: UInt32 = 0
        var ranges: [ClosedRange<UInt32>] = []
        for part in text.description.split(separator: " ") {
            let numbers = part.split(separator: "+").map { UInt32($0, radix: 36) ?? 0 }
            let start = last + numbers[0]
            last = start + (numbers.count > 1 ? numbers[1] : 0)
            ranges.append(start...last)
        }
        self.ranges = ranges
    }

    func contains(_ code: UInt32) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < code { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(code)
    }
}
