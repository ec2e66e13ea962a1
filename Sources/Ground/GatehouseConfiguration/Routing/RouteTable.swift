/// The routes of one service, the most specific first.
///
/// Segment by segment a literal says more than a parameter and a parameter more than the rest; then the longer pattern, then one that
/// takes the whole path, then one that names methods, then the one that stands first in the file.
struct RouteTable: Sendable {
    private let rows: [Row]

    init(_ routes: [RouteSettings]) {
        rows = routes.enumerated().map(Row.init)
            .sorted { $0.specificity != $1.specificity ? $1.specificity.lexicographicallyPrecedes($0.specificity) : $0.index < $1.index }
    }

    /// The index of the route that takes a request. One closing slash does not count, so that a route's guards cannot be stepped around.
    func match(path: Span<UInt8>, method: Span<UInt8>) -> Int? {
        rows.first { $0.takes(method: method) && $0.takes(path: path) }?.index
    }
}

private struct Row: Sendable {
    enum Piece: Sendable {
        case literal([UInt8]), parameter, rest
    }

    let index: Int
    let pieces: [Piece]
    let isPrefix: Bool
    let methods: [[UInt8]]

    init(_ index: Int, _ route: RouteSettings) {
        self.index = index
        isPrefix = route.path.isPrefix
        methods = route.methods.map { Array($0.name.utf8) }
        pieces = route.path.segments.map {
            switch $0 {
            case .literal(let text): .literal(Array(text.utf8))
            case .parameter: .parameter
            case .rest: .rest
            }
        }
    }

    var specificity: [Int] {
        let segments = pieces.map { piece in
            switch piece {
            case .literal: 4
            case .parameter: 3
            case .rest: 2
            }
        }
        return segments + [isPrefix ? 0 : 1, methods.isEmpty ? 0 : 1]
    }

    func takes(method: Span<UInt8>) -> Bool {
        methods.isEmpty || methods.contains { $0.count == method.count && method.matches($0, at: 0) }
    }

    func takes(path: Span<UInt8>) -> Bool {
        let end = path.count > 0 && path[path.count - 1] == UInt8(ascii: "/") ? path.count - 1 : path.count
        var position = 0
        for piece in pieces {
            guard position < end, path[position] == UInt8(ascii: "/") else { return false }
            let start = position + 1
            position = start
            while position < end, path[position] != UInt8(ascii: "/") { position += 1 }
            switch piece {
            case .literal(let text):
                guard position - start == text.count, path.matches(text, at: start) else { return false }
            case .parameter:
                guard position > start else { return false }
            case .rest:
                return start < end
            }
        }
        return isPrefix || position >= end
    }
}
