/// Counts what traffic uses of a description and what it uses beside it.
///
/// Documented and never used is a zombie, used and never documented is a shadow. Memory is bounded: where ``Limits`` are reached, names
/// that came once make room now and then, so that a flood of made-up names does not hide what is used again and again.
/// A value without a clock or a lock; its owner decides how long it counts.
public struct OpenAPIInventory: Sendable {
    /// What is kept by name; what comes later is counted in ``overflow`` alone.
    public struct Limits: Sendable {
        /// Shapes of undocumented paths. Default 1,000.
        public var paths = 1_000
        /// Undocumented methods, parameters, properties and statuses of all operations together. Default 5,000.
        public var items = 5_000

        /// The defaults.
        public init() {}
    }

    /// An undocumented path: its method and its form, in which segments that look like identifiers are `{}`.
    public struct ShadowPath: Sendable, Hashable {
        /// As sent, cut to 32 characters.
        public let method: String
        /// As sent without its query, cut to 256 characters.
        public let path: String
    }

    /// Something undocumented at a known path.
    public struct ShadowItem: Sendable, Hashable {
        /// The operation's number; nil where the path is known and the method is not.
        public let operation: Int?
        /// The path as the document writes it, where the method is not known the form of the path as sent.
        public let path: String
        /// What it is.
        public let item: UndocumentedItem
    }

    /// Requests by operation number.
    public private(set) var uses: [Int]
    /// Undocumented paths with their counts.
    public private(set) var shadowPaths: [ShadowPath: Int] = [:]
    /// Undocumented methods, parameters, properties and statuses with their counts.
    public private(set) var shadowItems: [ShadowItem: Int] = [:]
    /// Undocumented things that came after the limits were reached.
    public private(set) var overflow = 0

    private var fresh: [UndocumentedItem] = []
    private var overflowAtLastSweep = 0
    private let operations: [OpenAPIOperation]
    private let limits: Limits

    /// An inventory of a description with nothing counted.
    public init(_ validator: OpenAPIValidator, limits: Limits = Limits()) {
        operations = validator.operations
        uses = Array(repeating: 0, count: validator.operations.count)
        self.limits = limits
    }

    /// Counts a judged request.
    public mutating func record(_ verdict: RequestVerdict, of head: RequestHead) {
        if let operation = verdict.operation {
            uses[operation.id] += 1
            count(verdict.undocumented, operation)
        } else if verdict.kind == .notFound {
            let path = ShadowPath(method: String(head.method.prefix(32)), path: PathForm.form(of: head.path))
            count(path)
        } else {
            for item in verdict.undocumented { count(ShadowItem(operation: nil, path: PathForm.form(of: head.path), item: item)) }
        }
    }

    /// Counts a judged response.
    public mutating func record(_ verdict: ResponseVerdict, of operation: OpenAPIOperation) {
        count(verdict.undocumented, operation)
    }

    /// What a step has counted for the first time.
    public mutating func news(_ step: (inout OpenAPIInventory) -> Void) -> [UndocumentedItem] {
        step(&self)
        guard !fresh.isEmpty else { return [] }
        defer { fresh = [] }
        return fresh
    }

    /// Documented operations that no request has used.
    public var unused: [OpenAPIOperation] { operations.filter { uses[$0.id] == 0 } }

    private mutating func count(_ items: [UndocumentedItem], _ operation: OpenAPIOperation) {
        for item in items { count(ShadowItem(operation: operation.id, path: operation.path, item: item)) }
    }

    private mutating func count(_ path: ShadowPath) {
        if let known = shadowPaths[path] {
            shadowPaths[path] = known + 1
        } else if shadowPaths.count < limits.paths || makesRoom() {
            shadowPaths[path] = 1
            note(UndocumentedItem(kind: .path, name: "\(path.method) \(path.path)"))
        } else {
            overflow += 1
        }
    }

    private mutating func count(_ item: ShadowItem) {
        if let known = shadowItems[item] {
            shadowItems[item] = known + 1
        } else if shadowItems.count < limits.items || makesRoom() {
            shadowItems[item] = 1
            note(item.item)
        } else {
            overflow += 1
        }
    }

    /// Drops what came once; at most once for every tenth of the limits that found no room, so that it costs little each time.
    private mutating func makesRoom() -> Bool {
        guard overflow - overflowAtLastSweep >= max(min(limits.paths, limits.items) / 10, 10) else { return false }
        let before = shadowPaths.count + shadowItems.count
        shadowPaths = shadowPaths.filter { $0.value > 1 }
        shadowItems = shadowItems.filter { $0.value > 1 || $0.key.item.kind == .responseProperty || $0.key.item.kind == .status }
        overflow += before - shadowPaths.count - shadowItems.count
        overflowAtLastSweep = overflow
        return shadowPaths.count < limits.paths && shadowItems.count < limits.items
    }

    /// At most 100 wait for whoever asks.
    private mutating func note(_ item: UndocumentedItem) { if fresh.count < 100 { fresh.append(item) } }
}
