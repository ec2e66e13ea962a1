/// A persistent collection while a transaction uses it.
struct OpenCollection {
    let key: Slice
    private(set) var members: [(name: Slice, value: Slice)] = []
    private(set) var isChanged = false

    init(key: Slice) { self.key = key }

    func value(_ name: Slice) -> Slice? { members.first { $0.name.equalsIgnoringCase(name) }?.value }

    mutating func set(_ name: Slice, _ value: Slice, isChange: Bool = true) {
        if isChange { isChanged = true }
        if let index = members.firstIndex(where: { $0.name.equalsIgnoringCase(name) }) {
            members[index].value = value
        } else {
            members.append((name, value))
        }
    }

    mutating func remove(_ name: Slice) {
        isChanged = true
        members.removeAll { $0.name.equalsIgnoringCase(name) }
    }
}

extension Transaction {
    /// Brings a collection in from the store, or begins it; one of a kind for each transaction.
    func open(_ collection: Variable, key: Slice) {
        guard collections[collection] == nil else { return }
        var opened = OpenCollection(key: key)
        if let stored = environment.collections?.load(storedName(collection), key: key.bytes) {
            load(stored, into: &opened)
        }
        if opened.value(arena.copy("KEY")) == nil { begin(&opened) }
        collections[collection] = opened
    }

    /// SESSION, USER and RESOURCE belong to one application.
    private func storedName(_ collection: Variable) -> String {
        switch collection {
        case .session, .user, .resource: rules.settings.applicationID + "_" + collection.name
        default: collection.name
        }
    }

    private func load(_ stored: [String: [UInt8]], into collection: inout OpenCollection) {
        func expiry(_ name: String) -> Int { stored["__expire_" + name].map { arena.copy($0).integer } ?? .max }
        guard expiry("KEY") > now else { return }
        for (name, value) in stored.sorted(by: { $0.key < $1.key }) {
            let subject = name.hasPrefix("__expire_") ? String(name.dropFirst(9)) : name
            guard expiry(subject) > now, name != "IS_NEW" else { continue }
            collection.set(arena.copy(name), arena.copy(value), isChange: false)
        }
    }

    private func begin(_ collection: inout OpenCollection) {
        collection.set(arena.copy("KEY"), collection.key, isChange: false)
        collection.set(arena.copy("TIMEOUT"), arena.decimal(rules.settings.collectionTimeout), isChange: false)
        collection.set(arena.copy("CREATE_TIME"), arena.decimal(now), isChange: false)
        collection.set(arena.copy("UPDATE_COUNTER"), arena.decimal(0), isChange: false)
        collection.set(arena.copy("IS_NEW"), arena.decimal(1), isChange: false)
    }

    func expire(_ place: VariablePlace, after seconds: Int) {
        guard collections[place.collection] != nil else { return }
        let name = arena.copy("__expire_" + place.member.expand(self).text)
        collections[place.collection]?.set(name, arena.decimal(now &+ seconds))
    }

    func secondsSinceUpdate(of collection: Variable) -> Int {
        guard let last = collections[collection]?.value(arena.copy("LAST_UPDATE_TIME")) else { return 0 }
        return max(0, now - last.integer)
    }

    /// Writes changed collections back.
    func storeCollections() {
        guard let store = environment.collections else { return }
        for (variable, collection) in collections where collection.isChanged {
            var members: [String: [UInt8]] = [:]
            for member in collection.members where !member.name.equalsIgnoringCase("IS_NEW") {
                members[member.name.text] = member.value.bytes
            }
            let updates = (collection.value(arena.copy("UPDATE_COUNTER"))?.integer ?? 0) + 1
            members["UPDATE_COUNTER"] = Array(String(updates).utf8)
            members["LAST_UPDATE_TIME"] = Array(String(now).utf8)
            let timeout = collection.value(arena.copy("TIMEOUT"))?.integer ?? rules.settings.collectionTimeout
            let expiry = now &+ timeout
            members["__expire_KEY"] = Array(String(expiry).utf8)
            store.save(storedName(variable), key: collection.key.bytes, members: members, expiry: expiry)
        }
    }
}
