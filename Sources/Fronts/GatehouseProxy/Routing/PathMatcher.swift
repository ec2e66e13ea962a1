internal import GatehouseConfiguration

/// Compares paths with the patterns of routes.
enum PathMatcher {
    /// True when a normalized path fits a pattern.
    static func matches(_ pattern: PathPattern, _ path: ArraySlice<UInt8>) -> Bool {
        var rest = path.dropFirst()
        if pattern.segments.isEmpty { return pattern.isPrefix || rest.isEmpty }
        for (index, segment) in pattern.segments.enumerated() {
            let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            let part = rest[..<end]
            switch segment {
            case .literal(let text): guard part.elementsEqual(text.utf8) else { return false }
            case .parameter: guard !part.isEmpty else { return false }
            case .rest: return !rest.isEmpty
            }
            guard end < rest.endIndex else { return index == pattern.segments.count - 1 }
            rest = rest[(end + 1)...]
        }
        return pattern.isPrefix || rest.isEmpty
    }

    /// True when the left pattern must be tried before the right: literals before parameters before rests, longer before shorter,
    /// with methods before without.
    static func isMoreSpecific(_ left: PathPattern, _ right: PathPattern, _ leftMethods: Int, _ rightMethods: Int) -> Bool {
        for (mine, other) in zip(left.segments, right.segments) where rank(mine) != rank(other) {
            return rank(mine) < rank(other)
        }
        if left.segments.count != right.segments.count { return left.segments.count > right.segments.count }
        if left.isPrefix != right.isPrefix { return !left.isPrefix }
        return leftMethods > 0 && rightMethods == 0
    }

    private static func rank(_ segment: PathPattern.Segment) -> Int {
        switch segment {
        case .literal: 0
        case .parameter: 1
        case .rest: 2
        }
    }
}
