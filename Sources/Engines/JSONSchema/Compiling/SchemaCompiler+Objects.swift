import StrictJSON

extension SchemaCompiler {
    /// Merges the four keywords that look at an object's members into one plan, so that each member is met once.
    mutating func compileObjectPlan(_ keywords: Keywords, _ schema: Pending, _ groups: inout OperationGroups) throws(SchemaError) {
        let applies = keywords.dialect.vocabularies.contains(.applicator)
        let properties = applies ? keywords["properties"] : nil
        let patterns = applies && keywords.draft != .openAPI30 ? keywords["patternProperties"] : nil
        let additional = applies ? keywords["additionalProperties"] : nil
        let required = keywords.dialect.vocabularies.contains(.validation) ? keywords["required"] : nil
        guard properties != nil || patterns != nil || additional != nil || required != nil else { return }

        var plan = ObjectPlan()
        var slots: [PropertySlot] = []
        var places: [String: Int] = [:]
        if let properties { try addProperties(properties, schema, &slots, &places) }
        if let required { try addRequired(required, schema, &plan, &slots, &places) }
        if let patterns { try addPatterns(patterns, schema, &plan) }
        if let additional { plan.additional = try self.schema(additional, in: schema, "/additionalProperties") }
        plan.propertiesLocation = try location(schema, "properties")
        plan.patternsLocation = try location(schema, "patternProperties")
        plan.additionalLocation = try location(schema, "additionalProperties")
        plan.requiredLocation = try location(schema, "required")
        try addTable(slots, schema, &plan)
        parts.objects.append(plan)
        groups.object.append(Operation(code: .object, a: Int32(parts.objects.count - 1), location: plan.propertiesLocation))
    }

    private mutating func addProperties(
        _ node: JSONNode, _ schema: Pending, _ slots: inout [PropertySlot], _ places: inout [String: Int]
    ) throws(SchemaError) {
        guard node.kind == .object else { throw failure(.invalidKeyword, "`properties` is an object", schema, "properties") }
        for member in node.members {
            var slot = makeSlot(member.name)
            slot.schema = try self.schema(member.value, in: schema, "/properties/" + JSONPointer.escape(member.name))
            places[member.name] = slots.count
            slots.append(slot)
        }
    }

    private mutating func addRequired(
        _ node: JSONNode, _ schema: Pending, _ plan: inout ObjectPlan, _ slots: inout [PropertySlot], _ places: inout [String: Int]
    ) throws(SchemaError) {
        guard node.kind == .array else { throw failure(.invalidKeyword, "`required` is an array of names", schema, "required") }
        for element in node.elements {
            let name = try string(element, "required", schema)
            // Swift's strings are equal by canonical equivalence, keys are not: only the exact name shares a slot.
            var place = places[name]
            if let found = place, !isNamed(slots[found], name) { place = nil }
            if place == nil {
                place = slots.count
                places[name] = slots.count
                slots.append(makeSlot(name))
            }
            guard let place, slots[place].required < 0 else { continue }
            guard plan.requiredCount < 32_000 else { throw failure(.limit, "`required` has more than 32,000 names", schema, "required") }
            slots[place].required = Int16(plan.requiredCount)
            if plan.requiredCount < 64 { plan.requiredMask |= 1 << UInt64(plan.requiredCount) }
            plan.requiredCount += 1
        }
    }

    private mutating func addPatterns(_ node: JSONNode, _ schema: Pending, _ plan: inout ObjectPlan) throws(SchemaError) {
        guard node.kind == .object else { throw failure(.invalidKeyword, "`patternProperties` is an object", schema, "patternProperties") }
        var pairs: [Int32] = []
        for member in node.members {
            pairs.append(try regex(member.name, schema, "patternProperties"))
            pairs.append(try self.schema(member.value, in: schema, "/patternProperties/" + JSONPointer.escape(member.name)))
            parts.texts.append(member.name)
            pairs.append(Int32(parts.texts.count - 1))
        }
        plan.patternCount = UInt32(pairs.count / 3)
        plan.firstPattern = UInt32(list(pairs))
    }

    /// Lays out the slots and a hash table at most half full.
    private mutating func addTable(_ slots: [PropertySlot], _ schema: Pending, _ plan: inout ObjectPlan) throws(SchemaError) {
        guard slots.count < Int(UInt16.max) else {
            throw failure(.limit, "a schema names more than 65,534 properties", schema, "properties")
        }
        var size = 2
        while size < 2 * slots.count { size *= 2 }
        var buckets = [UInt16](repeating: 0, count: size)
        for (index, slot) in slots.enumerated() {
            var bucket = Int(slot.hash) & (size - 1)
            while buckets[bucket] != 0 { bucket = (bucket + 1) & (size - 1) }
            buckets[bucket] = UInt16(index + 1)
        }
        plan.firstSlot = UInt32(parts.slots.count)
        plan.slotCount = UInt32(slots.count)
        plan.firstBucket = UInt32(parts.buckets.count)
        plan.bucketMask = UInt32(size - 1)
        parts.slots.append(contentsOf: slots)
        parts.buckets.append(contentsOf: buckets)
    }

    private mutating func makeSlot(_ name: String) -> PropertySlot {
        let bytes = Array(name.utf8)
        let slot = PropertySlot(hash: JSONDocument.hash(of: bytes), nameStart: UInt32(parts.names.count), nameLength: UInt32(bytes.count))
        parts.names.append(contentsOf: bytes)
        return slot
    }

    /// A slot outside any plan, for lookups by name.
    mutating func slot(named name: String) -> Int {
        parts.slots.append(makeSlot(name))
        return parts.slots.count - 1
    }

    private func isNamed(_ slot: PropertySlot, _ name: String) -> Bool {
        parts.names[Int(slot.nameStart)..<Int(slot.nameStart + slot.nameLength)].elementsEqual(name.utf8)
    }
}
