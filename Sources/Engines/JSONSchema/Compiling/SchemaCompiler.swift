import ECMARegex
import StrictJSON

/// Compiles schemas of one registry into one program.
///
/// Ask for entries by reference, then take the result; schemas that entries share are compiled once.
/// ```swift
/// var compiler = SchemaCompiler(registry: registry)
/// let pet = try compiler.entry("openapi.json#/components/schemas/Pet")
/// let schemas = try compiler.finish()
/// schemas[pet].isValid(document.root)
/// ```
public struct SchemaCompiler {
    var registry: SchemaRegistry
    let options: SchemaOptions
    var parts = ProgramParts()
    /// Number of the schema compiled from a node.
    private var compiled: [NodeID: Int32] = [:]
    /// Schemas with a number that are still to be compiled.
    private var pending: [Pending] = []
    /// Number in the program of a registry's resource.
    private var resourceNumbers: [Int: UInt32] = [:]
    private var resourceOrder: [Int] = []
    var dynamicNames: [String] = []
    /// Number in the program of a pattern.
    private var regexNumbers: [String: Int32] = [:]

    struct Pending {
        var node: NodeID
        var resource: Int
        var number: Int32
        /// From the resource's root.
        var pointer: String
    }

    /// A schema that was asked for, as an index into the result.
    public struct Entry: Sendable, Hashable {
        let number: Int32
    }

    /// A compiler over a registry's documents.
    public init(registry: SchemaRegistry, options: SchemaOptions = SchemaOptions()) {
        self.registry = registry
        self.options = options
    }

    /// Compiles the schema that an absolute reference, such as `openapi.json#/components/schemas/Pet`, leads to.
    ///
    /// - Throws: ``SchemaError``.
    public mutating func entry(_ reference: String) throws(SchemaError) -> Entry {
        let key = SchemaRegistry.key(reference)
        guard let resource = try registry.resource(at: key) else {
            throw SchemaError(code: .unresolvedReference, reason: "there is no document `\(key)`", location: reference)
        }
        let fragment = URIParts(reference).fragment.map { "#" + $0 } ?? "#"
        let target = try registry.resolve(fragment, from: resource, location: reference)
        let number = try schema(at: target)
        try compilePending()
        return Entry(number: number)
    }

    /// The compiled schemas.
    ///
    /// - Throws: ``SchemaError/Code/endlessReference`` where a schema refers to itself for the same value.
    public mutating func finish() throws(SchemaError) -> SchemaSet {
        try resolveDynamicNames()
        try refuseEndlessReferences()
        parts.resourceURIs = resourceOrder.map { registry.resources[$0].uri }
        let constants = JSONDocument(JSONValue.array(parts.constants))
        return SchemaSet(program: Program(parts, constants: constants), options: options)
    }

    // MARK: Schemas by number

    /// Number of the schema a reference led to.
    mutating func schema(at target: SchemaRegistry.Target) throws(SchemaError) -> Int32 {
        if let number = compiled[target.node] { return number }
        let pointer = pointer(to: target.node, from: registry.resources[target.resource].root)
        return try schema(target.node, target.resource, pointer)
    }

    /// Number of a subschema, which stands at `path` below the schema at hand.
    mutating func schema(_ node: JSONNode, in parent: Pending, _ path: String) throws(SchemaError) -> Int32 {
        let id = NodeID(document: parent.node.document, entry: node.index)
        if let number = compiled[id] { return number }
        let resource = registry.membership[id] ?? parent.resource
        let begins = resource != parent.resource && registry.resources[resource].root == id
        return try schema(id, resource, begins ? "" : parent.pointer + path)
    }

    private mutating func schema(_ node: NodeID, _ resource: Int, _ pointer: String) throws(SchemaError) -> Int32 {
        guard parts.headers.count < options.schemas else {
            throw SchemaError(
                code: .limit, reason: "there are more than \(options.schemas) subschemas", location: registry.resources[resource].uri)
        }
        let number = Int32(parts.headers.count)
        parts.headers.append(Header(resource: UInt16(truncatingIfNeeded: try resourceNumber(resource))))
        compiled[node] = number
        pending.append(Pending(node: node, resource: resource, number: number, pointer: pointer))
        return number
    }

    private mutating func compilePending() throws(SchemaError) {
        while let next = pending.popLast() { try compile(next) }
    }

    mutating func resourceNumber(_ resource: Int) throws(SchemaError) -> UInt32 {
        if let number = resourceNumbers[resource] { return number }
        guard resourceOrder.count < Int(UInt16.max) else {
            throw SchemaError(
                code: .limit, reason: "there are more than 65,535 identified schemas", location: registry.resources[resource].uri)
        }
        resourceNumbers[resource] = UInt32(resourceOrder.count)
        resourceOrder.append(resource)
        return UInt32(resourceOrder.count - 1)
    }

    /// The way from one node to another inside it.
    private func pointer(to node: NodeID, from root: NodeID) -> String {
        let document = registry.documents[node.document]
        var at = root.entry
        var pointer = ""
        while at < node.entry, document[entry: at].isContainer {
            let isObject = document[entry: at].kind == .object
            var child = at + 1
            var place = 0
            while true {
                let value = isObject ? child + 1 : child
                let next = document.next(after: value)
                if node.entry < next {
                    pointer += "/" + (isObject ? JSONPointer.escape(document.string(of: document[entry: child])) : String(place))
                    at = value
                    break
                }
                child = next
                place += 1
            }
        }
        return pointer
    }

    // MARK: Pools

    mutating func location(_ schema: Pending, _ keyword: String) throws(SchemaError) -> UInt32 {
        parts.locations.append(
            KeywordLocation(resource: try resourceNumber(schema.resource), schemaPointer: schema.pointer, keyword: keyword))
        return UInt32(parts.locations.count - 1)
    }

    mutating func regex(_ pattern: String, _ schema: Pending, _ keyword: String) throws(SchemaError) -> Int32 {
        if let number = regexNumbers[pattern] { return number }
        do throws(RegexError) {
            parts.regexes.append(try ECMARegex(pattern, stepLimit: options.regexSteps))
        } catch {
            throw failure(.invalidPattern, "the pattern `\(pattern)` is not accepted: \(error)", schema, keyword)
        }
        regexNumbers[pattern] = Int32(parts.regexes.count - 1)
        return Int32(parts.regexes.count - 1)
    }

    mutating func list(_ numbers: [Int32]) -> Int32 {
        parts.integers.append(contentsOf: numbers)
        return Int32(parts.integers.count - numbers.count)
    }

    func failure(_ code: SchemaError.Code, _ reason: String, _ schema: Pending, _ keyword: String = "") -> SchemaError {
        let place = schema.pointer + (keyword.isEmpty ? "" : "/" + JSONPointer.escape(keyword))
        return SchemaError(code: code, reason: reason, location: registry.resources[schema.resource].uri + "#" + place)
    }

    // MARK: Dynamic scope

    /// Finds, for each dynamic name that is referred to, its meaning in every resource that takes part.
    private mutating func resolveDynamicNames() throws(SchemaError) {
        var table: [[Int32]] = []
        var size = -1
        while size != parts.headers.count {
            size = parts.headers.count
            table = []
            for name in dynamicNames {
                var row: [Int32] = []
                for resource in resourceOrder {
                    let node = registry.resources[resource].dynamicAnchors[name]
                    guard let node else {
                        row.append(-1)
                        continue
                    }
                    row.append(try schema(at: SchemaRegistry.Target(node: node, resource: registry.membership[node] ?? resource)))
                }
                table.append(row)
            }
            try compilePending()
        }
        parts.dynamicTargets = table
        parts.usesDynamicScope = !dynamicNames.isEmpty
    }
}
