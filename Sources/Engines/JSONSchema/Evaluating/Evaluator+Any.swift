import StrictJSON

extension Evaluator {
    /// Operations on values of every kind.
    mutating func runAny(_ operation: Operation, _ index: Int, _ entry: JSONEntry, _ tracking: Int) -> Bool {
        switch operation.code {
        case .reference: descend(operation.a, index, tracking, .keyword(operation.location))
        case .dynamicReference:
            descend(Int32(dynamicTarget(operation)), index, tracking, .keyword(operation.location))
        case .constant: runConstant(operation, index)
        case .enumeration: runEnumeration(operation, index, entry)
        case .allOf: runAllOf(operation, index, tracking)
        case .anyOf: runAnyOf(operation, index, entry, tracking)
        case .oneOf: runOneOf(operation, index, entry, tracking)
        case .not: runNot(operation, index)
        case .ifThenElse: runCondition(operation, index, entry, tracking)
        default: true
        }
    }

    private mutating func runConstant(_ operation: Operation, _ index: Int) -> Bool {
        let constant = Int(constantEntries[Int(operation.a)])
        return areEqual(constants, constant, document, index)
            || fail(operation.location, nil, index, "the value is not the one that is allowed")
    }

    private mutating func runEnumeration(_ operation: Operation, _ index: Int, _ entry: JSONEntry) -> Bool {
        let list = Int(constantEntries[Int(operation.a)])
        var at = list + 1
        for _ in 0..<Int(constants[entry: list].length) {
            if areEqual(constants, at, document, index) { return true }
            at = constants.next(after: at)
        }
        return fail(operation.location, nil, index, "the value is not one of those that are allowed")
    }

    private mutating func runAllOf(_ operation: Operation, _ index: Int, _ tracking: Int) -> Bool {
        var valid = true
        for place in 0..<operation.b {
            if !descend(integers[Int(operation.a + place)], index, tracking, .element(operation.location, Int(place))) {
                valid = false
                if !collects { return false }
            }
        }
        return valid
    }

    /// Validates a branch that may fail; what it evaluated counts only if it holds.
    private mutating func holds(_ schema: Int32, _ index: Int, _ entry: JSONEntry, _ tracking: Int, _ step: Step) -> Bool {
        guard tracking >= 0 && entry.isContainer else { return descend(schema, index, Self.untracked, step) }
        let region = openRegion(entry)
        let valid = descend(schema, index, region, step)
        closeRegion(region, into: valid ? tracking : Self.untracked)
        return valid
    }

    private mutating func runAnyOf(_ operation: Operation, _ index: Int, _ entry: JSONEntry, _ tracking: Int) -> Bool {
        let before = errors.count
        var valid = false
        for place in 0..<operation.b {
            if holds(integers[Int(operation.a + place)], index, entry, tracking, .element(operation.location, Int(place))) {
                valid = true
                // All branches are seen where what they evaluate is of interest.
                if tracking < 0 { break }
            }
        }
        let causes = takeErrors(from: before)
        return valid || fail(operation.location, nil, index, "the value fits none of the \(operation.b) schemas", causes: causes)
    }

    private mutating func runOneOf(_ operation: Operation, _ index: Int, _ entry: JSONEntry, _ tracking: Int) -> Bool {
        let before = errors.count
        var fitting = 0
        for place in 0..<operation.b {
            if holds(integers[Int(operation.a + place)], index, entry, tracking, .element(operation.location, Int(place))) {
                fitting += 1
                if fitting > 1 { break }
            }
        }
        let causes = takeErrors(from: before)
        switch fitting {
        case 1: return true
        case 0: return fail(operation.location, nil, index, "the value fits none of the \(operation.b) schemas", causes: causes)
        default: return fail(operation.location, nil, index, "the value fits more than one schema")
        }
    }

    private mutating func runNot(_ operation: Operation, _ index: Int) -> Bool {
        let before = errors.count
        let fits = descend(operation.a, index, Self.untracked, .keyword(operation.location))
        _ = takeErrors(from: before)
        return !fits || fail(operation.location, nil, index, "the value fits a schema that it must not fit")
    }

    private mutating func runCondition(_ operation: Operation, _ index: Int, _ entry: JSONEntry, _ tracking: Int) -> Bool {
        let before = errors.count
        let holds = holds(operation.a, index, entry, tracking, .keyword(operation.location))
        _ = takeErrors(from: before)
        let (next, step): (Int32, Step) = holds ? (operation.b, .branch("then")) : (operation.c, .branch("else"))
        return next < 0 || descend(next, index, tracking, step)
    }

    /// Removes the errors since `count`: a branch that fails is no failure by itself.
    private mutating func takeErrors(from count: Int) -> [ValidationError] {
        guard errors.count > count else { return [] }
        defer { errors.removeLast(errors.count - count) }
        return Array(errors[count...])
    }
}
