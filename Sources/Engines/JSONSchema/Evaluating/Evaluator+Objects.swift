import ECMARegex
import StrictJSON

extension Evaluator {
    /// Operations on objects.
    mutating func runObject(_ operation: Operation, _ index: Int, _ entry: JSONEntry, _ tracking: Int) -> Bool {
        switch operation.code {
        case .object: runPlan(objects[Int(operation.a)], index, entry, tracking)
        case .minProperties:
            entry.length >= UInt32(operation.a) || fail(operation.location, nil, index, "the object has fewer than \(operation.a) members")
        case .maxProperties:
            entry.length <= UInt32(operation.a) || fail(operation.location, nil, index, "the object has more than \(operation.a) members")
        case .propertyNames: runPropertyNames(operation, index, entry)
        case .dependentRequired: runDependentRequired(operation, index, entry)
        case .dependentSchema: runDependentSchema(operation, index, entry, tracking)
        default: true
        }
    }

    /// Meets each member once: its own schema, the patterns its name matches, or the schema for the rest.
    private mutating func runPlan(_ plan: ObjectPlan, _ index: Int, _ entry: JSONEntry, _ tracking: Int) -> Bool {
        var valid = true
        var present: UInt64 = 0
        var at = index + 1
        for place in 0..<Int(entry.length) {
            let slot = plan.slotCount == 0 ? -1 : findSlot(plan, document[entry: at])
            if !runMember(plan, at, place, slot, tracking, &present) {
                valid = false
                if !collects { return false }
            }
            at = document.next(after: at + 1)
        }
        guard present & plan.requiredMask == plan.requiredMask, plan.requiredCount <= 64 || hasManyRequired(plan, index, entry) else {
            return failRequired(plan, index, entry)
        }
        return valid
    }

    @inline(__always)
    private mutating func runMember(
        _ plan: ObjectPlan, _ key: Int, _ place: Int, _ slotNumber: Int, _ tracking: Int, _ present: inout UInt64
    ) -> Bool {
        var known = false
        var valid = true
        if slotNumber >= 0 {
            let slot = slots[slotNumber]
            if slot.required >= 0 { present |= 1 << UInt64(slot.required & 63) }
            if slot.schema >= 0 {
                known = true
                valid = descend(slot.schema, key + 1, Self.untracked, .slot(plan.propertiesLocation, slotNumber))
            }
        }
        if plan.patternCount > 0 && (valid || collects) { valid = runPatterns(plan, key, &known) && valid }
        if !known && plan.additional >= 0 && (valid || collects) {
            known = true
            valid = descend(plan.additional, key + 1, Self.untracked, .keyword(plan.additionalLocation)) && valid
        }
        if known { mark(place, tracking) }
        return valid
    }

    private mutating func runPatterns(_ plan: ObjectPlan, _ key: Int, _ known: inout Bool) -> Bool {
        var valid = true
        for number in 0..<Int(plan.patternCount) {
            let at = Int(plan.firstPattern) + 3 * number
            switch verdict(integers[at], document[entry: key]) {
            case .noMatch: continue
            case .exhausted: valid = fail(plan.patternsLocation, nil, key + 1, "a pattern takes too many steps on the name")
            case .match:
                known = true
                valid = descend(integers[at + 1], key + 1, Self.untracked, .text(plan.patternsLocation, Int(integers[at + 2]))) && valid
            }
            if !valid && !collects { return false }
        }
        return valid
    }

    // MARK: Names

    /// Number of the plan's slot with the key's name; -1 for none.
    @inline(__always)
    private func findSlot(_ plan: ObjectPlan, _ key: JSONEntry) -> Int {
        var bucket = Int(UInt32(key.hash) & plan.bucketMask)
        while true {
            let content = buckets[Int(plan.firstBucket) + bucket]
            if content == 0 { return -1 }
            let number = Int(plan.firstSlot) + Int(content) - 1
            let slot = slots[number]
            if slot.hash == key.hash && names.isNamed(key, slot, in: document) { return number }
            bucket = (bucket + 1) & Int(plan.bucketMask)
        }
    }

    /// The value of the member with a slot's name; nil for none. Where a key was kept twice, the last.
    private func member(_ slot: PropertySlot, _ index: Int, _ entry: JSONEntry) -> Int? {
        var found: Int?
        var at = index + 1
        for _ in 0..<Int(entry.length) {
            if document[entry: at].hash == slot.hash && names.isNamed(document[entry: at], slot, in: document) { found = at + 1 }
            at = document.next(after: at + 1)
        }
        return found
    }

    // MARK: Required names

    private func requiredSlots(_ plan: ObjectPlan) -> [PropertySlot] {
        (Int(plan.firstSlot)..<Int(plan.firstSlot + plan.slotCount)).map { slots[$0] }.filter { $0.required >= 0 }
    }

    private func hasManyRequired(_ plan: ObjectPlan, _ index: Int, _ entry: JSONEntry) -> Bool {
        requiredSlots(plan).allSatisfy { member($0, index, entry) != nil }
    }

    private mutating func failRequired(_ plan: ObjectPlan, _ index: Int, _ entry: JSONEntry) -> Bool {
        guard limit > 0 else { return false }
        for slot in requiredSlots(plan) where member(slot, index, entry) == nil {
            let name = names.text(slot)
            _ = fail(plan.requiredLocation, nil, index, "the member `\(name)` is missing")
        }
        return false
    }

    private mutating func runPropertyNames(_ operation: Operation, _ index: Int, _ entry: JSONEntry) -> Bool {
        var valid = true
        var at = index + 1
        for _ in 0..<Int(entry.length) {
            if !descend(operation.a, at, Self.untracked, .keyword(operation.location)) {
                valid = false
                if !collects { return false }
            }
            at = document.next(after: at + 1)
        }
        return valid
    }

    private mutating func runDependentRequired(_ operation: Operation, _ index: Int, _ entry: JSONEntry) -> Bool {
        let trigger = slots[Int(operation.a)]
        guard member(trigger, index, entry) != nil else { return true }
        for offset in 0..<operation.c {
            let slot = slots[Int(integers[Int(operation.b + offset)])]
            guard member(slot, index, entry) == nil else { continue }
            if limit == 0 { return false }
            let (missing, present) = (names.text(slot), names.text(trigger))
            return fail(operation.location, nil, index, "the member `\(missing)` is missing beside `\(present)`")
        }
        return true
    }

    private mutating func runDependentSchema(_ operation: Operation, _ index: Int, _ entry: JSONEntry, _ tracking: Int) -> Bool {
        let trigger = slots[Int(operation.a)]
        guard member(trigger, index, entry) != nil else { return true }
        return descend(operation.b, index, tracking, .slot(operation.location, Int(operation.a)))
    }
}

/// Compares bytes eight at a time; both sides can be read eight bytes beyond their end.
@unsafe
@inline(__always)
func haveSameBytes(_ a: UnsafePointer<UInt8>?, _ b: UnsafePointer<UInt8>?, _ count: Int) -> Bool {
    guard let a = unsafe UnsafeRawPointer(a), let b = unsafe UnsafeRawPointer(b) else { return count == 0 }
    var offset = 0
    while offset < count {
        let difference =
            unsafe a.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ b.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        let left = count - offset
        let relevant = left >= 8 ? difference : difference.littleEndian & ((1 << UInt64(8 * left)) &- 1)
        if relevant != 0 { return false }
        offset += 8
    }
    return true
}
