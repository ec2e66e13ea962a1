import Envelope

/// The hierarchy as one transaction sees it: what was cached, brought up to date, and the keys that the transaction itself makes.
final class KeyView {
    /// Rings and opened material; a value, so that a transaction's own changes stay its own.
    struct Snapshot: Sendable {
        var epoch: Int64 = -1
        var rings: [KeyID: KeyRing] = [:]
        var names: [KeyName: KeyID] = [:]
        var materials: [KeyID: [UInt32: KeyMaterial]] = [:]
    }

    var snapshot: Snapshot
    var credits: [KeyID: Credit] = [:]
    private let transaction: Transaction
    private let roots: [any KeyWrapper]
    private let now: Int64
    private let tell: (KeyEvent) throws -> Void
    private(set) var isChanged = false

    /// Uses of a version that are reserved on disk and not yet made.
    struct Credit: Sendable {
        var version: UInt32
        var left: UInt64
    }

    /// Uses reserved at a time.
    static let block: UInt64 = 4096

    init(cached: Snapshot, transaction: Transaction, roots: [any KeyWrapper], now: Int64, tell: @escaping (KeyEvent) throws -> Void) throws
    {
        self.tell = tell
        self.transaction = transaction
        self.roots = roots
        self.now = now
        snapshot = cached
        let epoch = try KeyTables.epoch(in: transaction)
        if epoch != cached.epoch { try load(epoch) }
    }

    private func load(_ epoch: Int64) throws {
        let rings = try KeyTables.rings(in: transaction)
        snapshot.epoch = epoch
        snapshot.rings = Dictionary(rings.map { ($0.id, $0) }) { first, _ in first }
        snapshot.names = Dictionary(rings.map { ($0.name, $0.id) }) { first, _ in first }
        for (id, versions) in snapshot.materials {
            snapshot.materials[id] = versions.filter { snapshot.rings[id]?.versions[$0.key]?.state == .active }
        }
    }

    /// The key of a name, made where there is none and the transaction may write.
    func ring(_ name: KeyName) throws -> KeyRing {
        if let id = snapshot.names[name], let ring = snapshot.rings[id] { return ring }
        guard transaction.isWritable else { throw EnvelopeError(.unknownKey, "no key \(name)") }
        var generator = SystemRandomNumberGenerator()
        let ring = KeyRing(id: KeyID(using: &generator), name: name, at: now)
        try KeyTables.insert(ring, in: transaction)
        try addVersion(1, to: ring)
        try tell(KeyEvent(action: .made, name: name, version: 1))
        return ring
    }

    /// Rotates the key of a name.
    func rotate(_ name: KeyName) throws -> UInt32 {
        var ring = try ring(name)
        let version = ring.rotate(at: now)
        try addVersion(version, to: ring)
        if name.kind == .keyEncryption { try rewrapChildren(of: ring) }
        try tell(KeyEvent(action: .rotated, name: name, version: version))
        return version
    }

    /// The material of a version.
    func material(_ id: KeyID, _ version: UInt32) throws -> KeyMaterial {
        if let material = snapshot.materials[id]?[version] { return material }
        guard let ring = snapshot.rings[id], ring.versions[version]?.state == .active else {
            throw EnvelopeError(.unknownKey, "version \(version) of key \(id) is retired or unknown")
        }
        let wrapped = try KeyTables.wrapped(id, version, in: transaction)
        let material = try wrapper(wrapped).unwrap(wrapped.bytes, for: KeyContext(id: id, name: ring.name, version: version))
        snapshot.materials[id, default: [:]][version] = material
        return material
    }

    /// Wraps every key-encryption key under `root`, which the others then no longer open. Returns how many were changed.
    func rewrapAll(under root: any KeyWrapper) throws -> Int {
        var count = 0
        for ring in snapshot.rings.values where ring.name.kind == .keyEncryption {
            for (version, _) in ring.versions where ring.versions[version]?.state == .active {
                guard try KeyTables.wrapped(ring.id, version, in: transaction).parent != root.identifier else { continue }
                let material = try material(ring.id, version)
                let bytes = try root.wrap(material, for: KeyContext(id: ring.id, name: ring.name, version: version))
                try KeyTables.replace(
                    WrappedKey(bytes: bytes, parent: root.identifier, parentVersion: 0), ring.id, version, in: transaction)
                try tell(KeyEvent(action: .moved, name: ring.name, version: version))
                count += 1
            }
        }
        return count
    }

    func put(_ ring: KeyRing) throws {
        snapshot.rings[ring.id] = ring
        snapshot.names[ring.name] = ring.id
        if !isChanged { try KeyTables.advanceEpoch(in: transaction) }
        isChanged = true
    }

    private func addVersion(_ version: UInt32, to ring: KeyRing) throws {
        guard let made = ring.versions[version] else { return }
        var generator = SystemRandomNumberGenerator()
        let material = try KeyMaterial(random: ring.name.kind.length, using: &generator)
        let context = KeyContext(id: ring.id, name: ring.name, version: version)
        let (parent, wrapper) = try parent(of: ring.name)
        let wrapped = WrappedKey(
            bytes: try wrapper.wrap(material, for: context), parent: parent?.id ?? wrapper.identifier, parentVersion: parent?.primary ?? 0)
        try KeyTables.insert(made, of: context, wrapped: wrapped, in: transaction)
        snapshot.materials[ring.id, default: [:]][version] = material
        try put(ring)
    }

    /// Who wraps new material: the root for key-encryption keys, the key-encryption key of the purpose and tenant for the rest.
    private func parent(of name: KeyName) throws -> (KeyRing?, any KeyWrapper) {
        guard name.kind != .keyEncryption else { return (nil, roots[0]) }
        let parent = try ring(KeyName(.keyEncryption, purpose: name.purpose, tenant: name.tenant))
        return (parent, try LocalKeyWrapper(material: material(parent.id, parent.primary), identifier: parent.id, version: parent.primary))
    }

    private func wrapper(_ wrapped: WrappedKey) throws -> any KeyWrapper {
        if wrapped.parentVersion > 0 {
            return try LocalKeyWrapper(
                material: material(wrapped.parent, wrapped.parentVersion), identifier: wrapped.parent, version: wrapped.parentVersion)
        }
        guard let root = roots.first(where: { $0.identifier == wrapped.parent }) else {
            throw EnvelopeError(.unavailable, "this root key is not the one that wrapped the keys: give the former one too")
        }
        return root
    }

    /// After a key-encryption key rotates: its children move to the new version at once; there are few.
    private func rewrapChildren(of parent: KeyRing) throws {
        for ring in snapshot.rings.values where ring.name.kind != .keyEncryption {
            for version in ring.versions.keys where ring.versions[version]?.state == .active {
                let wrapped = try KeyTables.wrapped(ring.id, version, in: transaction)
                guard wrapped.parent == parent.id, wrapped.parentVersion != parent.primary else { continue }
                let wrapper = try LocalKeyWrapper(
                    material: material(parent.id, parent.primary), identifier: parent.id, version: parent.primary)
                let bytes = try wrapper.wrap(material(ring.id, version), for: KeyContext(id: ring.id, name: ring.name, version: version))
                try KeyTables.replace(
                    WrappedKey(bytes: bytes, parent: parent.id, parentVersion: parent.primary), ring.id, version, in: transaction)
            }
        }
    }
}
