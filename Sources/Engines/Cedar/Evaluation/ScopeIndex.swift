/// Finds the policies whose scope can match a request, without looking at the others.
///
/// Entities and types that scopes name are numbered. Each policy stands under a key for its action, its principal and
/// its resource; a request asks for the keys of its entities, their ancestors and types.
struct ScopeIndex: Sendable {
    private var numbers: [EntityUID: Int32] = [:]
    private var typeNumbers: [Text: Int32] = [:]
    private var root = KeyTable<KeyTable<KeyTable<[Int32]>>>()

    /// Adds the policy with the position `index` in its set.
    mutating func insert(_ policy: Policy, at index: Int) {
        let principal = key(policy.principal)
        let resource = key(policy.resource)
        for action in keys(policy.action) {
            root[action, default: KeyTable()][principal, default: KeyTable()][resource, default: []].append(Int32(index))
        }
    }

    /// Calls `body` with the position of each policy whose scope matches; a policy under several of the request's
    /// actions may come more than once.
    func forEachCandidate(_ request: Request, _ entities: Entities, _ body: (Int) -> Void) {
        let actions = keys(of: request.action, entities)
        let principals = keys(of: request.principal, entities)
        let resources = keys(of: request.resource, entities)
        root.forEach(actions) { byPrincipal in
            byPrincipal.forEach(principals) { byResource in
                byResource.forEach(resources) { for index in $0 { body(Int(index)) } }
            }
        }
    }

    // MARK: Keys: 0 stands for anything; the last two bits of the rest tell equality, ancestry and type.

    private func keys(of uid: EntityUID, _ entities: Entities) -> [Int32] {
        var keys: [Int32] = [0]
        if let type = typeNumbers[uid.type] { keys.append(type << 2 | 3) }
        if let number = numbers[uid] {
            keys.append(number << 2 | 1)
            keys.append(number << 2 | 2)
        }
        guard let ancestors = entities.node(uid)?.ancestors else { return keys }
        for ancestor in ancestors {
            if ancestor != uid, let number = numbers[ancestor] { keys.append(number << 2 | 2) }
        }
        return keys
    }

    private mutating func keys(_ constraint: ActionConstraint) -> Set<Int32> {
        switch constraint {
        case .any: [0]
        case .equal(let uid): [number(uid) << 2 | 1]
        case .in(let list): Set(list.map { number($0) << 2 | 2 })
        }
    }

    private mutating func key(_ constraint: ScopeConstraint) -> Int32 {
        switch constraint {
        case .any: 0
        case .equal(.entity(let uid)): number(uid) << 2 | 1
        case .in(.entity(let uid)), .isTypeIn(_, .entity(let uid)): number(uid) << 2 | 2
        case .isType(let type): number(type) << 2 | 3
        // A slot that no link has filled matches nothing.
        case .equal(.slot), .in(.slot), .isTypeIn(_, .slot): -1
        }
    }

    private mutating func number(_ uid: EntityUID) -> Int32 {
        if let number = numbers[uid] { return number }
        let number = Int32(numbers.count)
        numbers[uid] = number
        return number
    }

    private mutating func number(_ type: Text) -> Int32 {
        if let number = typeNumbers[type] { return number }
        let number = Int32(typeNumbers.count)
        typeNumbers[type] = number
        return number
    }
}

/// A small map: a list up to eight keys, a hash table beyond.
struct KeyTable<Child: Sendable>: Sendable {
    private var keys: [Int32] = []
    private var children: [Child] = []
    private var places: [Int32: Int] = [:]

    subscript(key: Int32, default fallback: @autoclosure () -> Child) -> Child {
        get { place(of: key).map { children[$0] } ?? fallback() }
        _modify {
            let place = place(of: key) ?? append(key, fallback())
            yield &children[place]
        }
    }

    /// Calls `body` for each of the wanted keys that the table has.
    func forEach(_ wanted: [Int32], _ body: (Child) -> Void) {
        if keys.count <= 8 {
            for (place, key) in keys.enumerated() where wanted.contains(key) { body(children[place]) }
        } else {
            for key in wanted {
                if let place = places[key] { body(children[place]) }
            }
        }
    }

    private func place(of key: Int32) -> Int? {
        keys.count <= 8 ? keys.firstIndex(of: key) : places[key]
    }

    private mutating func append(_ key: Int32, _ child: Child) -> Int {
        keys.append(key)
        children.append(child)
        if keys.count > 8 {
            if places.isEmpty { for (place, key) in keys.enumerated() { places[key] = place } }
            places[key] = keys.count - 1
        }
        return keys.count - 1
    }
}
