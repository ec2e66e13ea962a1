import StrictJSON

/// JSON's equality between values of two documents: numbers by value, objects without order.
func areEqual(_ a: DocumentView, _ i: Int, _ b: DocumentView, _ j: Int) -> Bool {
    let (x, y) = (a[entry: i], b[entry: j])
    guard x.kind == y.kind else { return false }
    switch x.kind {
    case .null: return true
    case .bool: return x.flags.contains(.isTrue) == y.flags.contains(.isTrue)
    case .string: return haveSameText(a, x, b, y)
    case .number:
        if haveSameText(a, x, b, y) { return true }
        return unsafe JSONDecimal(a.bytes(of: x)) == JSONDecimal(b.bytes(of: y))
    case .array: return x.length == y.length && haveEqualElements(a, i, b, j)
    case .object: return x.length == y.length && haveEqualMembers(a, i, b, j)
    }
}

@inline(__always)
private func haveSameText(_ a: DocumentView, _ x: JSONEntry, _ b: DocumentView, _ y: JSONEntry) -> Bool {
    guard x.length == y.length else { return false }
    return unsafe haveSameBytes(a.bytes(of: x).baseAddress, b.bytes(of: y).baseAddress, Int(x.length))
}

private func haveEqualElements(_ a: DocumentView, _ i: Int, _ b: DocumentView, _ j: Int) -> Bool {
    var (at, other) = (i + 1, j + 1)
    for _ in 0..<Int(a[entry: i].length) {
        guard areEqual(a, at, b, other) else { return false }
        at = a.next(after: at)
        other = b.next(after: other)
    }
    return true
}

/// Compares members side by side while the keys are in the same order.
private func haveEqualMembers(_ a: DocumentView, _ i: Int, _ b: DocumentView, _ j: Int) -> Bool {
    var (at, other) = (i + 1, j + 1)
    for _ in 0..<Int(a[entry: i].length) {
        guard haveSameText(a, a[entry: at], b, b[entry: other]) else { return haveEqualMembersSorted(a, i, b, j) }
        guard areEqual(a, at + 1, b, other + 1) else { return false }
        at = a.next(after: at + 1)
        other = b.next(after: other + 1)
    }
    return true
}

/// Sorts both sides' keys, so that large objects cost no more than their size times its logarithm.
private func haveEqualMembersSorted(_ a: DocumentView, _ i: Int, _ b: DocumentView, _ j: Int) -> Bool {
    let (keys, others) = (sortedKeys(a, i), sortedKeys(b, j))
    return zip(keys, others).allSatisfy { key, other in
        haveSameText(a, a[entry: key], b, b[entry: other]) && areEqual(a, key + 1, b, other + 1)
    }
}

private func sortedKeys(_ document: DocumentView, _ object: Int) -> [Int] {
    var keys: [Int] = []
    var at = object + 1
    for _ in 0..<Int(document[entry: object].length) {
        keys.append(at)
        at = document.next(after: at + 1)
    }
    return keys.sorted { x, y in
        let (a, b) = (document[entry: x], document[entry: y])
        if a.hash != b.hash { return a.hash < b.hash }
        return unsafe document.bytes(of: a).lexicographicallyPrecedes(document.bytes(of: b))
    }
}

extension Evaluator {
    /// Feeds a value, consistently with its equality, to a hasher that is seeded for each process.
    func hash(_ index: Int, into hasher: inout Hasher) {
        let entry = document[entry: index]
        hasher.combine(entry.kind)
        switch entry.kind {
        case .null: break
        case .bool: hasher.combine(entry.flags.contains(.isTrue))
        case .number: hasher.combine(decimal(of: entry))
        case .string: unsafe hasher.combine(bytes: UnsafeRawBufferPointer(document.bytes(of: entry)))
        case .array:
            var at = index + 1
            for _ in 0..<Int(entry.length) {
                hash(at, into: &hasher)
                at = document.next(after: at)
            }
        case .object: hasher.combine(hashOfMembers(index, Int(entry.length)))
        }
    }

    private func hashOfMembers(_ index: Int, _ count: Int) -> Int {
        var sum = 0
        var at = index + 1
        for _ in 0..<count {
            var hasher = Hasher()
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(document.bytes(of: document[entry: at])))
            hash(at + 1, into: &hasher)
            sum &+= hasher.finalize()
            at = document.next(after: at + 1)
        }
        return sum
    }
}
