/// The memory that a transaction works in; used again by later ones.
///
/// Its tables are read and written millions of times a second by one transaction at a time, so the run-time check for overlapping access,
/// a third of the cost of a request before, is left out: the accessors below are the only way to the storage.
///
/// Values are interned: equal values are one node, so that each is transformed, scanned and tested once, however often it occurs.
@safe
final class Workspace: @unchecked Sendable {  // one transaction uses it at a time
    /// A distinct value.
    struct Node {
        var value: Slice
        /// The byte values in it.
        var present: ByteSet
        var hash: UInt32
        var nextInBucket: Int32
        /// The first of its known transformations; negative for none.
        var memo: Int32 = -1
        /// Where its scan result lies; -1 before it was scanned, -2 where nothing was found.
        var hits: Int32 = -1
        /// The answers of costly operators: bit pairs known/true.
        var verdicts: UInt8 = 0
    }

    private struct Memo {
        var transformation: Int32
        var result: Int32
        var next: Int32
    }

    /// A member of a table.
    struct Entry {
        var name: Slice
        var node: Int32
    }

    /// What all members of a table hold together after a pipeline.
    private struct Union {
        var count: Int32
        var bits: Int32
        var present: ByteSet
    }

    /// What all tables that rules of a kind look at hold together, after the rules' pipeline.
    private struct Group {
        /// The state of the tables that it was put together from.
        var version: Int
        var bits: Int32
        var present: ByteSet
    }

    let arena = Arena()
    /// Goes up whenever a table changes.
    private var version: Int {
        @inline(__always) get { unsafe versionStorage }
        @inline(__always) _modify { yield unsafe &versionStorage }
    }
    @exclusivity(unchecked) private var versionStorage = 0
    private var groups: ContiguousArray<Group> {
        @inline(__always) get { unsafe groupsStorage }
        @inline(__always) _modify { yield unsafe &groupsStorage }
    }
    @exclusivity(unchecked) private var groupsStorage: ContiguousArray<Group> = []
    let scratch: MatchScratch
    /// TX variables by number; those behind the rule set's own were named while running.
    private(set) var variables: ContiguousArray<Slice?> {
        @inline(__always) get { unsafe variablesStorage }
        @inline(__always) _modify { yield unsafe &variablesStorage }
    }
    @exclusivity(unchecked) private var variablesStorage: ContiguousArray<Slice?> = []
    /// The numbers of the TX variables that have a value, in the order in which they got it.
    private(set) var variableOrder: ContiguousArray<Int32> {
        @inline(__always) get { unsafe variableOrderStorage }
        @inline(__always) _modify { yield unsafe &variableOrderStorage }
    }
    @exclusivity(unchecked) private var variableOrderStorage: ContiguousArray<Int32> = []
    private var addedNames: ContiguousArray<Slice> {
        @inline(__always) get { unsafe addedNamesStorage }
        @inline(__always) _modify { yield unsafe &addedNamesStorage }
    }
    @exclusivity(unchecked) private var addedNamesStorage: ContiguousArray<Slice> = []
    private let slotNames: [Slice]
    private(set) var nodes: ContiguousArray<Node> {
        @inline(__always) get { unsafe nodesStorage }
        @inline(__always) _modify { yield unsafe &nodesStorage }
    }
    @exclusivity(unchecked) private var nodesStorage: ContiguousArray<Node> = []
    private var buckets: [Int32] {
        @inline(__always) get { unsafe bucketsStorage }
        @inline(__always) _modify { yield unsafe &bucketsStorage }
    }
    @exclusivity(unchecked) private var bucketsStorage: [Int32] = []
    private var memos: ContiguousArray<Memo> {
        @inline(__always) get { unsafe memosStorage }
        @inline(__always) _modify { yield unsafe &memosStorage }
    }
    @exclusivity(unchecked) private var memosStorage: ContiguousArray<Memo> = []
    private var bits: ContiguousArray<UInt64> {
        @inline(__always) get { unsafe bitsStorage }
        @inline(__always) _modify { yield unsafe &bitsStorage }
    }
    @exclusivity(unchecked) private var bitsStorage: ContiguousArray<UInt64> = []
    private(set) var tables: ContiguousArray<ContiguousArray<Entry>> {
        @inline(__always) get { unsafe tablesStorage }
        @inline(__always) _modify { yield unsafe &tablesStorage }
    }
    @exclusivity(unchecked) private var tablesStorage: ContiguousArray<ContiguousArray<Entry>> = []
    private var tablePresence: ContiguousArray<ByteSet> {
        @inline(__always) get { unsafe tablePresenceStorage }
        @inline(__always) _modify { yield unsafe &tablePresenceStorage }
    }
    @exclusivity(unchecked) private var tablePresenceStorage: ContiguousArray<ByteSet> = []
    private var unions: ContiguousArray<Union> {
        @inline(__always) get { unsafe unionsStorage }
        @inline(__always) _modify { yield unsafe &unionsStorage }
    }
    @exclusivity(unchecked) private var unionsStorage: ContiguousArray<Union> = []
    private var unionIndex: ContiguousArray<Int32> {
        @inline(__always) get { unsafe unionIndexStorage }
        @inline(__always) _modify { yield unsafe &unionIndexStorage }
    }
    @exclusivity(unchecked) private var unionIndexStorage: ContiguousArray<Int32> = []

    private let automaton: AhoCorasick
    private let pipelines: ContiguousArray<Pipeline>
    private let pipelineTriggers: ContiguousArray<ByteSet>
    private let pipelineChangesAlways: ContiguousArray<Bool>
    private let transformations = ContiguousArray(Transformation.all)
    private let transformationTriggers = ContiguousArray(Transformation.all.map(\.triggers))
    private let words: Int

    init(_ rules: RuleSet) {
        scratch = MatchScratch(matchLimit: UInt32(clamping: rules.settings.matchLimit))
        automaton = rules.automaton
        pipelines = ContiguousArray(rules.pipelines)
        pipelineTriggers = ContiguousArray(rules.pipelines.map(\.triggers))
        pipelineChangesAlways = ContiguousArray(rules.pipelines.map(\.changesAlways))
        words = rules.automaton.words
        slotNames = rules.slotSlices
        variables = ContiguousArray(repeating: nil, count: rules.slotSlices.count)
        let tableCount = Variable.tableCount + rules.xpaths.count
        buckets = [Int32](repeating: -1, count: 1024)
        tables = ContiguousArray(repeating: [], count: tableCount)
        tablePresence = ContiguousArray(repeating: ByteSet(), count: tableCount)
        unionIndex = ContiguousArray(repeating: -1, count: tableCount * rules.pipelines.count)
        groups = ContiguousArray(repeating: Group(version: -1, bits: 0, present: ByteSet()), count: rules.groupCount)
        nodes.reserveCapacity(256)
    }

    func reset() {
        arena.reset()
        nodes.removeAll(keepingCapacity: true)
        memos.removeAll(keepingCapacity: true)
        bits.removeAll(keepingCapacity: true)
        version += 1
        unions.removeAll(keepingCapacity: true)
        for index in buckets.indices { buckets[index] = -1 }
        for index in tables.indices where !tables[index].isEmpty {
            tables[index].removeAll(keepingCapacity: true)
            tablePresence[index] = ByteSet()
        }
        for index in unionIndex.indices { unionIndex[index] = -1 }
        for slot in variableOrder { variables[Int(slot)] = nil }
        variableOrder.removeAll(keepingCapacity: true)
        variables.removeLast(addedNames.count)
        addedNames.removeAll(keepingCapacity: true)
    }

    func append(_ value: Slice, named name: Slice, to table: Int) {
        let node = intern(value)
        version += 1
        tables[table].append(Entry(name: name, node: node))
        tablePresence[table].formUnion(nodes[Int(node)].present)
    }

    /// Puts another value in the place of a member; only before rules have run.
    func replace(_ index: Int, in table: Int, with value: Slice) {
        let node = intern(value)
        version += 1
        tables[table][index].node = node
        tablePresence[table].formUnion(nodes[Int(node)].present)
    }

    func value(_ node: Int32) -> Slice { nodes[Int(node)].value }

    /// The node of a value.
    func intern(_ value: Slice) -> Int32 {
        let (hash, present) = value.summary
        let bucket = Int(hash & 1023)
        var candidate = buckets[bucket]
        while candidate >= 0 {
            if nodes[Int(candidate)].hash == hash, nodes[Int(candidate)].value.equals(value) { return candidate }
            candidate = nodes[Int(candidate)].nextInBucket
        }
        nodes.append(Node(value: value, present: present, hash: hash, nextInBucket: buckets[bucket]))
        buckets[bucket] = Int32(nodes.count - 1)
        return Int32(nodes.count - 1)
    }
}

extension Workspace {
    /// What a pipeline makes of a value.
    func transformed(_ node: Int32, _ pipeline: Int) -> Int32 {
        guard changes(pipeline, nodes[Int(node)].present) else { return node }
        var current = node
        for step in pipelines[pipeline].steps { current = apply(step, to: current) }
        return current
    }

    /// Whether a pipeline may change values of these bytes.
    private func changes(_ pipeline: Int, _ present: ByteSet) -> Bool {
        pipeline != 0 && (pipelineTriggers[pipeline].intersects(present) || pipelineChangesAlways[pipeline])
    }

    /// What one transformation makes of a value; the node itself where it changes nothing.
    func apply(_ transformation: Int, to node: Int32) -> Int32 {
        let triggers = transformationTriggers[transformation]
        guard triggers.intersects(nodes[Int(node)].present) || triggers == .all else { return node }
        var memo = nodes[Int(node)].memo
        while memo >= 0 {
            if memos[Int(memo)].transformation == transformation { return memos[Int(memo)].result }
            memo = memos[Int(memo)].next
        }
        let value = nodes[Int(node)].value
        var changed = false
        let output = arena.write(capacity: transformations[transformation].capacity(value.count)) { writer in
            changed = transformations[transformation].apply(value, &writer)
        }
        let result = changed ? intern(output) : node
        memos.append(Memo(transformation: Int32(transformation), result: result, next: nodes[Int(node)].memo))
        nodes[Int(node)].memo = Int32(memos.count - 1)
        return result
    }

    /// Whether a value holds what a rule requires.
    func passes(_ node: Int32, _ filter: RuleFilter) -> Bool {
        guard nodes[Int(node)].value.count >= filter.minimumLength,
            filter.bytes == .all || filter.bytes.intersects(nodes[Int(node)].present)
        else {
            return false
        }
        guard filter.bit >= 0 else { return true }
        let hits = scan(node)
        return hits >= 0 && bits[Int(hits) + Int(filter.bit >> 6)] >> UInt64(filter.bit & 63) & 1 == 1
    }

    /// Whether any member of a rule's tables may hold what the rule requires, after the rule's pipeline.
    @inline(__always)
    func mayMatch(_ step: Program.Step) -> Bool {
        let group = Int(step.group)
        if groups[group].version != version { gather(group, step) }
        guard step.bytes.intersects(groups[group].present) else { return false }
        guard step.bit >= 0 else { return true }
        return bits[Int(groups[group].bits) + Int(step.bit >> 6)] >> UInt64(step.bit & 63) & 1 == 1
    }

    /// Puts together what all tables of a group hold after its pipeline.
    private func gather(_ group: Int, _ step: Program.Step) {
        var present = ByteSet()
        let start = bits.count
        for _ in 0..<words { bits.append(0) }
        var remaining = step.tables
        while remaining != 0 {
            let table = remaining.trailingZeroBitCount
            remaining &= remaining - 1
            guard !tables[table].isEmpty else { continue }
            let index = union(table, Int(step.pipeline))
            present.formUnion(unions[index].present)
            for word in 0..<words { bits[start + word] |= bits[Int(unions[index].bits) + word] }
        }
        groups[group] = Group(version: version, bits: Int32(start), present: present)
    }

    private func union(_ table: Int, _ pipeline: Int) -> Int {
        let actual = changes(pipeline, tablePresence[table]) ? pipeline : 0
        let key = table * pipelines.count + actual
        if unionIndex[key] < 0 {
            unionIndex[key] = Int32(unions.count)
            unions.append(Union(count: 0, bits: Int32(bits.count), present: ByteSet()))
            for _ in 0..<words { bits.append(0) }
        }
        let index = Int(unionIndex[key])
        while unions[index].count < tables[table].count {
            let node = transformed(tables[table][Int(unions[index].count)].node, actual)
            unions[index].present.formUnion(nodes[Int(node)].present)
            let hits = scan(node)
            if hits >= 0 {
                for word in 0..<words { bits[Int(unions[index].bits) + word] |= bits[Int(hits) + word] }
            }
            unions[index].count += 1
        }
        return index
    }

    private func scan(_ node: Int32) -> Int32 {
        let known = nodes[Int(node)].hits
        if known != -1 { return known }
        let start = bits.count
        for _ in 0..<words { bits.append(0) }
        let value = nodes[Int(node)].value
        let found = unsafe bits.withUnsafeMutableBufferPointer { unsafe automaton.scan(value, into: $0.baseAddress! + start) }
        if !found { bits.removeLast(words) }
        nodes[Int(node)].hits = found ? Int32(start) : -2
        return nodes[Int(node)].hits
    }

    /// The remembered answer of a costly operator, numbered 0 to 3.
    func verdict(_ node: Int32, _ question: UInt8) -> Bool? {
        let pair = nodes[Int(node)].verdicts >> (question * 2)
        return pair & 1 == 0 ? nil : pair & 2 != 0
    }

    func remember(_ answer: Bool, _ node: Int32, _ question: UInt8) {
        nodes[Int(node)].verdicts |= (answer ? 3 : 1) << (question * 2)
    }
}

extension Workspace {
    /// The name of a TX variable.
    func name(ofVariable slot: Int) -> Slice {
        slot < slotNames.count ? slotNames[slot] : addedNames[slot - slotNames.count]
    }

    /// The number of a TX variable, a new one where the name is new.
    func slot(named name: Slice) -> Int {
        if let known = slotNames.firstIndex(where: { $0.equalsIgnoringCase(name) }) { return known }
        if let known = addedNames.firstIndex(where: { $0.equalsIgnoringCase(name) }) { return slotNames.count + known }
        addedNames.append(name)
        variables.append(nil)
        return variables.count - 1
    }

    func setVariable(_ slot: Int, _ value: Slice) {
        if variables[slot] == nil { variableOrder.append(Int32(slot)) }
        variables[slot] = value
    }

    func removeVariable(_ slot: Int) {
        guard variables[slot] != nil else { return }
        variables[slot] = nil
        variableOrder.removeAll { $0 == slot }
    }
}
