import ECMARegex
import StrictJSON

/// One validation of one value: runs a program over a document's entries.
///
/// Without errors to collect it stops at the first failure and allocates nothing, unless a schema has `unevaluated…`.
@safe
struct Evaluator {
    let program: Program
    /// The document that the value is part of.
    private let owner: JSONDocument
    let document: DocumentView
    let constants: DocumentView
    let constantEntries: PoolView<Int32>
    let objects: PoolView<ObjectPlan>
    let slots: PoolView<PropertySlot>
    let buckets: PoolView<UInt16>
    let bounds: PoolView<ShortBound>
    let matchers: PoolView<AutomatonView>
    let names: NameView
    let usesDynamicScope: Bool
    let headers: PoolView<Header>
    let operations: PoolView<Operation>
    let integers: PoolView<Int32>
    /// Errors to collect; 0 asks for the verdict alone.
    let limit: Int
    let maximumDepth: Int
    /// Subschemas that may still be applied.
    private var stepsLeft: Int
    var errors: [ValidationError] = []
    /// The way through the schema so far; empty unless errors are collected.
    var trail: [Step] = []
    /// Resources entered, outermost first; empty unless the program has dynamic references.
    private var scope: [UInt16] = []
    /// Bits of members and elements that have been evaluated, one region for each schema that tracks.
    var marks: [UInt64] = []
    private var depth = 0

    init(program: Program, document: JSONDocument, limit: Int, options: SchemaOptions) {
        self.program = program
        owner = document
        self.document = DocumentView(document)
        constants = DocumentView(program.constants)
        constantEntries = PoolView(program.constantEntries)
        objects = PoolView(program.objects)
        slots = PoolView(program.slots)
        buckets = PoolView(program.buckets)
        bounds = PoolView(program.bounds)
        matchers = PoolView(program.matchers)
        names = NameView(program.names)
        usesDynamicScope = program.usesDynamicScope
        self.limit = limit
        maximumDepth = options.depth
        stepsLeft = options.steps
        headers = PoolView(program.headers)
        operations = PoolView(program.operations)
        integers = PoolView(program.integers)
    }

    /// Means that nobody needs to know what is evaluated.
    static let untracked = -1

    // MARK: Schemas

    /// Validates the value whose entry is at `index`.
    ///
    /// - Parameter tracking: where in ``marks`` the value's evaluated parts are noted, or ``untracked``.
    mutating func validate(_ schema: Int, _ index: Int, _ tracking: Int) -> Bool {
        let header = headers[schema]
        depth += 1
        defer { depth -= 1 }
        stepsLeft &-= 1
        if depth > maximumDepth || stepsLeft < 0 {
            return fail(header.location, "", index, "the value takes the schema too deep or too many steps")
        }
        if usesDynamicScope && scope.last != header.resource {
            scope.append(header.resource)
            defer { scope.removeLast() }
            return validate(header, index, tracking)
        }
        return validate(header, index, tracking)
    }

    @inline(__always)
    private mutating func validate(_ header: Header, _ index: Int, _ tracking: Int) -> Bool {
        let entry = document[entry: index]
        if header.flags & Header.isFalse != 0 { return fail(header.location, "", index, "nothing is allowed here") }
        guard header.types & (1 << entry.kind.rawValue) != 0 || isAllowedInteger(entry, header) else {
            return fail(header.location, "type", index, "the value is not \(Self.typeNames(header.types))")
        }
        if header.flags & Header.tracks != 0 && entry.isContainer { return validateTracked(header, index, entry, tracking) }
        return run(header, index, entry, tracking)
    }

    /// Gives the schema a region of its own, since its `unevaluated…` sees only its own parts.
    private mutating func validateTracked(_ header: Header, _ index: Int, _ entry: JSONEntry, _ outer: Int) -> Bool {
        let region = openRegion(entry)
        var valid = run(header, index, entry, region)
        for at in Int(header.objectEnd)..<Int(header.lateEnd) where valid || collects {
            valid = runLate(operations[at], index, entry, region) && valid
        }
        closeRegion(region, into: valid ? outer : Self.untracked)
        return valid
    }

    @inline(__always)
    private mutating func run(_ header: Header, _ index: Int, _ entry: JSONEntry, _ tracking: Int) -> Bool {
        var valid = true
        var at = Int(header.start)
        while at < Int(header.anyEnd) {
            if !runAny(operations[at], index, entry, tracking) {
                valid = false
                if !collects { return false }
            }
            at += 1
        }
        let (start, end) = Self.range(header, entry.kind)
        at = start
        while at < end {
            if !runTyped(operations[at], index, entry, tracking) {
                valid = false
                if !collects { return false }
            }
            at += 1
        }
        return valid
    }

    /// The operations that look at values of a kind.
    @inline(__always)
    private static func range(_ header: Header, _ kind: JSONKind) -> (Int, Int) {
        switch kind {
        case .null, .bool: (0, 0)
        case .number: (Int(header.anyEnd), Int(header.numberEnd))
        case .string: (Int(header.numberEnd), Int(header.stringEnd))
        case .array: (Int(header.stringEnd), Int(header.arrayEnd))
        case .object: (Int(header.arrayEnd), Int(header.objectEnd))
        }
    }

    @inline(__always)
    private mutating func runTyped(_ operation: Operation, _ index: Int, _ entry: JSONEntry, _ tracking: Int) -> Bool {
        switch entry.kind {
        case .number: runNumber(operation, index, entry)
        case .string: runString(operation, index, entry)
        case .array: runArray(operation, index, entry, tracking)
        case .object: runObject(operation, index, entry, tracking)
        case .null, .bool: true
        }
    }

    @inline(__always)
    private func isAllowedInteger(_ entry: JSONEntry, _ header: Header) -> Bool {
        guard entry.kind == .number && header.types & Header.integerType != 0 else { return false }
        if entry.flags.contains(.isPlainInteger) { return true }
        return header.flags & Header.plainIntegers == 0 && decimal(of: entry).isInteger
    }

    private static func typeNames(_ types: UInt8) -> String {
        let names = ["null", "boolean", "number", "string", "array", "object", "integer"]
        let allowed = names.indices.filter { types & (1 << UInt8($0)) != 0 }.map { "`\(names[$0])`" }
        return "of type " + (allowed.isEmpty ? "none" : allowed.joined(separator: " or "))
    }

    /// A cursor on a value, for errors.
    func node(_ index: Int) -> JSONNode { JSONNode(document: owner, index: index) }

    // MARK: Dynamic scope

    /// The schema a dynamic reference means here: the outermost resource in scope that has the name.
    func dynamicTarget(_ operation: Operation) -> Int {
        let row = program.dynamicTargets[Int(operation.b)]
        for resource in scope where row[Int(resource)] >= 0 { return Int(row[Int(resource)]) }
        return Int(operation.a)
    }

    // MARK: Marks

    /// A fresh region for the parts of a value.
    mutating func openRegion(_ entry: JSONEntry) -> Int {
        let region = marks.count
        marks.append(contentsOf: repeatElement(0, count: (Int(entry.length) + 63) / 64))
        return region
    }

    /// Drops the last region, after adding its bits to another one of the same value.
    mutating func closeRegion(_ region: Int, into outer: Int) {
        if outer >= 0 {
            for offset in 0..<(marks.count - region) { marks[outer + offset] |= marks[region + offset] }
        }
        marks.removeLast(marks.count - region)
    }

    @inline(__always)
    mutating func mark(_ part: Int, _ tracking: Int) {
        if tracking >= 0 { marks[tracking + part >> 6] |= 1 << UInt64(part & 63) }
    }

    func isMarked(_ part: Int, _ tracking: Int) -> Bool { marks[tracking + part >> 6] & (1 << UInt64(part & 63)) != 0 }
}

/// The pool of names, for comparisons of bytes.
@safe
struct NameView {
    private let base: UnsafePointer<UInt8>

    init(_ pool: Pool<UInt8>) { unsafe base = pool.start }

    /// Whether a key has a slot's name.
    @inline(__always)
    func isNamed(_ key: JSONEntry, _ slot: PropertySlot, in document: DocumentView) -> Bool {
        guard key.length == slot.nameLength else { return false }
        return unsafe haveSameBytes(document.bytes(of: key).baseAddress, base + Int(slot.nameStart), Int(key.length))
    }

    /// The name as a string.
    func text(_ slot: PropertySlot) -> String {
        unsafe String(decoding: UnsafeBufferPointer(start: base + Int(slot.nameStart), count: Int(slot.nameLength)), as: UTF8.self)
    }
}

/// A pool's memory without the object around it. Valid while the program lives, which the evaluator sees to.
@safe
struct PoolView<Element: BitwiseCopyable & Sendable> {
    private let base: UnsafePointer<Element>
    private let count: Int

    init(_ pool: Pool<Element>) {
        unsafe base = pool.start
        count = pool.count
    }

    @inline(__always)
    subscript(index: Int) -> Element {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "no such element")
        return unsafe base[index]
    }
}
