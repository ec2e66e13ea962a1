/// Finds the path of a document that a request's path means.
///
/// The specification's precedence holds segment by segment: literal text before a mix of text and expressions (the one with more
/// literal text first), and that before an expression alone; a choice that leads nowhere is taken back. Cost: at most one step for each
/// node of the table on the request's depth.
struct RouteTable<Target: Sendable>: Sendable {
    private struct Branch: Sendable {
        var literals: [[UInt8]: Int] = [:]
        var mixed: [(segment: PathTemplate.Segment, node: Int)] = []
        var whole: Int?
        var targets: [Int] = []
    }

    /// A path that fits, with the raw text of each expression in order.
    struct Match {
        let targets: [Target]
        let captures: [ArraySlice<UInt8>]
    }

    private var nodes: [Branch] = [Branch()]
    private var targets: [Target] = []

    /// Adds a path below a base; several targets may share one route.
    mutating func insert(_ segments: [PathTemplate.Segment], _ target: Target) {
        var node = 0
        for segment in segments { node = child(of: node, segment) }
        nodes[node].targets.append(targets.count)
        targets.append(target)
    }

    private mutating func child(of node: Int, _ segment: PathTemplate.Segment) -> Int {
        if segment.isStatic {
            if let known = nodes[node].literals[segment.literal] { return known }
            nodes[node].literals[segment.literal] = nodes.count
        } else if segment.isWholeExpression {
            if let known = nodes[node].whole { return known }
            nodes[node].whole = nodes.count
        } else {
            if let known = nodes[node].mixed.first(where: { $0.segment.fits(segment) }) { return known.node }
            let place = nodes[node].mixed.firstIndex { $0.segment.literalLength < segment.literalLength } ?? nodes[node].mixed.count
            nodes[node].mixed.insert((segment, nodes.count), at: place)
        }
        nodes.append(Branch())
        return nodes.count - 1
    }

    /// The best route of a raw path, which starts with `/`; nil where none fits.
    func match(_ path: [UInt8]) -> Match? {
        guard path.first == UInt8(ascii: "/") else { return nil }
        var captures: [ArraySlice<UInt8>] = []
        guard let node = descend(path[1...], 0, &captures) else { return nil }
        return Match(targets: nodes[node].targets.map { targets[$0] }, captures: captures)
    }

    private func descend(_ rest: ArraySlice<UInt8>?, _ node: Int, _ captures: inout [ArraySlice<UInt8>]) -> Int? {
        guard let rest else { return nodes[node].targets.isEmpty ? nil : node }
        let end = rest.firstIndex(of: UInt8(ascii: "/"))
        let segment = rest[..<(end ?? rest.endIndex)]
        let after = end.map { rest[($0 + 1)...] }
        let branch = nodes[node]
        if !branch.literals.isEmpty, let next = branch.literals[Percent.decode(segment) ?? []], let found = descend(after, next, &captures)
        {
            return found
        }
        let count = captures.count
        for mixed in branch.mixed {
            guard let own = mixed.segment.match(segment) else { continue }
            captures += own
            if let found = descend(after, mixed.node, &captures) { return found }
            captures.removeLast(captures.count - count)
        }
        guard let next = branch.whole, !segment.isEmpty else { return nil }
        captures.append(segment)
        if let found = descend(after, next, &captures) { return found }
        captures.removeLast()
        return nil
    }
}

extension PathTemplate.Segment {
    /// Equal but for the numbers of their expressions.
    func fits(_ other: PathTemplate.Segment) -> Bool {
        parts.count == other.parts.count
            && zip(parts, other.parts).allSatisfy { left, right in
                switch (left, right) {
                case (.expression, .expression): true
                case (.literal(let a), .literal(let b)): a == b
                default: false
                }
            }
    }
}
