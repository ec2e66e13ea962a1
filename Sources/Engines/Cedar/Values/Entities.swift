/// An entity with its attributes, its tags and its direct parents.
public struct Entity: Sendable, Equatable {
    /// Its name.
    public let uid: EntityUID
    /// Its attributes.
    public let attributes: Record
    /// Its tags.
    public let tags: Record
    /// The direct parents, in the order given; they need not be in the store.
    public let parents: [EntityUID]

    /// An entity.
    public init(uid: EntityUID, attributes: Record = Record(), tags: Record = Record(), parents: [EntityUID] = []) {
        self.uid = uid
        self.attributes = attributes
        self.tags = tags
        self.parents = parents
    }

    /// Equal when name, attributes, tags and parents are.
    public static func == (left: Entity, right: Entity) -> Bool {
        left.uid == right.uid && left.attributes == right.attributes && left.tags == right.tags
            && Set(left.parents) == Set(right.parents)
    }
}

/// A store of entities with the transitive closure of their parents.
///
/// The store is a value; a look-up costs one hash of a precomputed number.
public struct Entities: Sendable {
    final class Node: Sendable {
        let entity: Entity
        let ancestors: Set<EntityUID>

        init(entity: Entity, ancestors: Set<EntityUID>) {
            self.entity = entity
            self.ancestors = ancestors
        }
    }

    private var nodes: [EntityUID: Node]
    /// Entities that a single request brings along; they hide those of their name.
    private var overlay: [EntityUID: Node] = [:]
    /// The entity of which some attributes are not known yet, and their names.
    private(set) var unknown: (owner: EntityUID, names: Set<Text>)?

    /// A store without entities.
    public init() {
        nodes = [:]
    }

    /// Computes the closure of the entities' parents.
    ///
    /// Limit: 20 million ancestor links in all.
    /// - Throws: ``CedarError`` with the code `entities` where the parents form a cycle, where two different
    ///   entities have one name, and `limit` where the closure is too large.
    public init(_ entities: [Entity]) throws {
        var byName: [EntityUID: Entity] = [:]
        byName.reserveCapacity(entities.count)
        for entity in entities {
            if let present = byName.updateValue(entity, forKey: entity.uid), present != entity {
                throw CedarError(.entities, "duplicate entity `\(entity.uid)`")
            }
        }
        nodes = try Closure(of: byName).nodes()
    }

    /// The entity of this name, nil where the store has none.
    public subscript(uid: EntityUID) -> Entity? { node(uid)?.entity }

    /// How many there are.
    public var count: Int { all.count }
    /// The names of all entities in no particular order.
    public var names: [EntityUID] { all.map(\.uid) }
    /// All entities in no particular order.
    public var all: [Entity] {
        let base = overlay.isEmpty ? nodes : nodes.merging(overlay) { $1 }
        return base.values.map(\.entity)
    }

    /// The ancestors of an entity without itself; none where the store does not have it.
    public func ancestors(of uid: EntityUID) -> Set<EntityUID> { node(uid)?.ancestors ?? [] }

    func node(_ uid: EntityUID) -> Node? {
        overlay.isEmpty ? nodes[uid] : overlay[uid] ?? nodes[uid]
    }

    /// True where `descendant` is `ancestor` or below it.
    func isDescendant(_ descendant: EntityUID, of ancestor: EntityUID) -> Bool {
        descendant == ancestor || node(descendant)?.ancestors.contains(ancestor) == true
    }

    /// The store with a few entities on top that hide those of their name, for one request.
    ///
    /// Costs as much as the entities on top, not as much as the store. A cycle of parents through them is no error: each
    /// is an ancestor of the other.
    public func overlaying(_ entities: [Entity]) -> Entities {
        var result = self
        let byName = Dictionary(entities.map { ($0.uid, $0) }) { $1 }
        for (uid, entity) in byName {
            var ancestors: Set<EntityUID> = []
            var stack = entity.parents
            while let parent = stack.popLast() {
                guard ancestors.insert(parent).inserted else { continue }
                if let own = byName[parent] { stack += own.parents } else { stack += node(parent)?.ancestors ?? [] }
            }
            result.overlay[uid] = Node(entity: entity, ancestors: ancestors)
        }
        return result
    }

    /// The store, with some attributes of one entity that nobody knows yet: to read them, or to ask whether they are there, fails.
    ///
    /// ``Authorizer/judge(_:entities:)`` tells which policies hang on them.
    public func withUnknown(_ uid: EntityUID, attributes: Set<Text>) -> Entities {
        var result = self
        result.unknown = attributes.isEmpty ? nil : (uid, attributes)
        return result
    }

    func isUnknown(_ name: Text, of uid: EntityUID) -> Bool {
        guard let unknown else { return false }
        return unknown.owner == uid && unknown.names.contains(name)
    }

    /// The store with the entities added or put in the place of those with their name.
    ///
    /// - Throws: as ``init(_:)``.
    public func merging(_ entities: [Entity]) throws -> Entities {
        let replaced = Set(entities.map(\.uid))
        return try Entities(all.filter { !replaced.contains($0.uid) } + entities)
    }
}

/// The transitive closure of the parents, computed without recursion.
private struct Closure {
    private static let maximumLinks = 20_000_000
    private let entities: [EntityUID: Entity]

    init(of entities: [EntityUID: Entity]) {
        self.entities = entities
    }

    func nodes() throws -> [EntityUID: Entities.Node] {
        var done: [EntityUID: Entities.Node] = [:]
        done.reserveCapacity(entities.count)
        var links = 0
        for uid in entities.keys where done[uid] == nil {
            try visit(uid, &done, &links)
        }
        return done
    }

    private func visit(_ start: EntityUID, _ done: inout [EntityUID: Entities.Node], _ links: inout Int) throws {
        var open: Set<EntityUID> = []
        var stack: [EntityUID] = [start]
        while let uid = stack.last {
            guard let entity = entities[uid], done[uid] == nil else {
                stack.removeLast()
                continue
            }
            let pending = entity.parents.filter { done[$0] == nil && entities[$0] != nil }
            if !pending.isEmpty {
                guard open.insert(uid).inserted else { throw cycle(at: uid) }
                if let back = pending.first(where: open.contains) { throw cycle(at: back) }
                stack += pending
                continue
            }
            var ancestors = Set(entity.parents)
            for parent in entity.parents { ancestors.formUnion(done[parent]?.ancestors ?? []) }
            links += ancestors.count
            guard links <= Self.maximumLinks else {
                throw CedarError(.limit, "the entities have more than \(Self.maximumLinks) ancestor links")
            }
            open.remove(uid)
            done[uid] = Entities.Node(entity: entity, ancestors: ancestors)
            stack.removeLast()
        }
    }

    private func cycle(at uid: EntityUID) -> CedarError {
        CedarError(.entities, "the parents of entity `\(uid)` form a cycle")
    }
}
