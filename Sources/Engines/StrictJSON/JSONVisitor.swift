/// Receives a document's leaves with their paths, without a tree in between.
extension JSONDocument {
    /// One step from a value to a value inside it.
    public enum PathStep: Sendable, Hashable {
        /// Into an object: index of the key's entry.
        case key(Int)
        /// Into an array: place from 0.
        case element(Int)
    }

    /// Calls `body` for each scalar and each empty container, in the order of the text.
    ///
    /// - Parameter body: gets the steps from the root and the value. Return false to stop.
    public func forEachLeaf(_ body: (_ path: [PathStep], _ leaf: JSONNode) throws -> Bool) rethrows {
        var path: [PathStep] = []
        var open: [Int] = []
        var index = 0
        while index < count {
            let entry = self[entry: index]
            if entry.flags.contains(.isKey) {
                path[path.count - 1] = .key(index)
            } else if entry.isContainer && entry.length > 0 {
                open.append(Int(entry.link))
                path.append(.element(0))
            } else {
                guard try body(path, JSONNode(document: self, index: index)) else { return }
            }
            index += 1
            if !entry.flags.contains(.isKey) { leaveFinished(&path, &open, next: index, opened: entry.isContainer && entry.length > 0) }
        }
    }

    /// Calls `body` with the flattened name of each leaf, its steps joined by `separator`, and the leaf.
    ///
    /// `{"a":[{"b":1}]}` gives the name `a.0.b`.
    /// - Parameter longest: Bytes after which a name gets no further step; 4,096. Without an end, one long key around many
    ///   elements would be written out once for each.
    public func forEachFlattened(
        separator: String = ".", longest: Int = 4096, _ body: (_ name: String, _ leaf: JSONNode) throws -> Bool
    ) rethrows {
        try forEachLeaf { path, leaf in try body(flattenedName(path, separator, longest), leaf) }
    }

    private func flattenedName(_ path: [PathStep], _ separator: String, _ longest: Int) -> String {
        var name = ""
        for (index, step) in path.enumerated() where name.utf8.count <= longest {
            if index > 0 { name += separator }
            switch step {
            case .key(let key): name += shortString(of: self[entry: key], longest)
            case .element(let place): name += String(place)
            }
        }
        return name
    }

    /// The text of a key, cut where it is longer than allowed.
    private func shortString(of entry: JSONEntry, _ longest: Int) -> String {
        guard Int(entry.length) > longest else { return string(of: entry) }
        return unsafe String(decoding: bytes(of: entry).prefix(longest), as: UTF8.self)
    }

    /// After a value: closes the containers that end here and counts on in an array.
    private func leaveFinished(_ path: inout [PathStep], _ open: inout [Int], next: Int, opened: Bool) {
        guard !opened else { return }
        while let last = open.last, last == next {
            open.removeLast()
            path.removeLast()
        }
        if case .element(let place) = path.last { path[path.count - 1] = .element(place + 1) }
    }
}
