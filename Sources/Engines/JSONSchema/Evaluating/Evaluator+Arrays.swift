import StrictJSON

extension Evaluator {
    /// Operations on arrays.
    mutating func runArray(_ operation: Operation, _ index: Int, _ entry: JSONEntry, _ tracking: Int) -> Bool {
        switch operation.code {
        case .minItems:
            entry.length >= UInt32(operation.a) || fail(operation.location, nil, index, "the array has fewer than \(operation.a) elements")
        case .maxItems:
            entry.length <= UInt32(operation.a) || fail(operation.location, nil, index, "the array has more than \(operation.a) elements")
        case .uniqueItems:
            hasUniqueElements(index, entry) || fail(operation.location, nil, index, "two elements of the array are equal")
        case .prefixItems: runPrefix(operation, index, entry, tracking)
        case .items: runItems(operation, index, entry, tracking)
        case .contains: runContains(operation, index, entry, tracking)
        default: true
        }
    }

    private mutating func runPrefix(_ operation: Operation, _ index: Int, _ entry: JSONEntry, _ tracking: Int) -> Bool {
        var valid = true
        var at = index + 1
        for place in 0..<min(Int(entry.length), Int(operation.b)) {
            mark(place, tracking)
            let schema = integers[Int(operation.a) + place]
            if !descend(schema, at, Self.untracked, .element(operation.location, place)) {
                valid = false
                if !collects { return false }
            }
            at = document.next(after: at)
        }
        return valid
    }

    private mutating func runItems(_ operation: Operation, _ index: Int, _ entry: JSONEntry, _ tracking: Int) -> Bool {
        var valid = true
        var at = index + 1
        for place in 0..<Int(entry.length) {
            if place >= Int(operation.b) {
                mark(place, tracking)
                if !descend(operation.a, at, Self.untracked, .keyword(operation.location)) {
                    valid = false
                    if !collects { return false }
                }
            }
            at = document.next(after: at)
        }
        return valid
    }

    private mutating func runContains(_ operation: Operation, _ index: Int, _ entry: JSONEntry, _ tracking: Int) -> Bool {
        let before = errors.count
        var found = 0
        var at = index + 1
        let counts = operation.flags & 1 == 1 && tracking >= 0
        for place in 0..<Int(entry.length) {
            if descend(operation.a, at, Self.untracked, .keyword(operation.location)) {
                found += 1
                if counts { mark(place, tracking) }
                if operation.c < 0 && found >= Int(operation.b) && !counts { break }
                if operation.c >= 0 && found > Int(operation.c) { break }
            }
            at = document.next(after: at)
        }
        if errors.count > before { errors.removeLast(errors.count - before) }
        if found < Int(operation.b) {
            let keyword = operation.b == 1 ? "contains" : "minContains"
            return fail(operation.location, keyword, index, "fewer than \(operation.b) elements fit the schema of `contains`")
        }
        guard operation.c >= 0, found > Int(operation.c) else { return true }
        return fail(operation.location, "maxContains", index, "more than \(operation.c) elements fit the schema of `contains`")
    }

    /// Compares few elements with each other, many by their hashes.
    private func hasUniqueElements(_ index: Int, _ entry: JSONEntry) -> Bool {
        guard entry.length > 1 else { return true }
        guard entry.length > 8 else { return hasUniqueFew(index, Int(entry.length)) }
        var seen: [Int: [Int]] = [:]
        seen.reserveCapacity(Int(entry.length))
        var at = index + 1
        for _ in 0..<Int(entry.length) {
            var hasher = Hasher()
            hash(at, into: &hasher)
            let hash = hasher.finalize()
            if let others = seen[hash], others.contains(where: { areEqual(document, $0, document, at) }) { return false }
            seen[hash, default: []].append(at)
            at = document.next(after: at)
        }
        return true
    }

    private func hasUniqueFew(_ index: Int, _ count: Int) -> Bool {
        var at = index + 1
        for place in 0..<count {
            var other = index + 1
            for _ in 0..<place {
                if areEqual(document, other, document, at) { return false }
                other = document.next(after: other)
            }
            at = document.next(after: at)
        }
        return true
    }

    // MARK: After the rest

    /// `unevaluatedItems` and `unevaluatedProperties`: what no other part of the schema has looked at.
    mutating func runLate(_ operation: Operation, _ index: Int, _ entry: JSONEntry, _ region: Int) -> Bool {
        let isObject = operation.code == .unevaluatedProperties
        guard isObject == (entry.kind == .object) else { return true }
        var valid = true
        var at = index + 1
        for place in 0..<Int(entry.length) {
            let value = isObject ? at + 1 : at
            if !isMarked(place, region) {
                if !descend(operation.a, value, Self.untracked, .keyword(operation.location)) {
                    valid = false
                    if !collects { return false }
                }
                mark(place, region)
            }
            at = document.next(after: value)
        }
        return valid
    }
}
