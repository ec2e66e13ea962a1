/// One key through its versions, without any material: which version seals, which may still open, what each has been used for.
///
/// A pure state machine; who keeps it decides where it is stored and what time it is.
public struct KeyRing: Sendable, Hashable {
    /// The key's identifier, the same through all versions.
    public let id: KeyID
    /// What the key is for.
    public let name: KeyName
    /// The versions by number, from 1.
    public private(set) var versions: [UInt32: Version]
    /// The version that seals.
    public private(set) var primary: UInt32

    /// Uses of one version after which it refuses to seal; below 2^32.
    public static let useLimit: UInt64 = (1 << 32) - (1 << 20)
    /// Uses after which a rotation is due, so that the limit is never met: a fourth of it.
    public static let rotationDue: UInt64 = 1 << 30

    /// One version of a key.
    public struct Version: Sendable, Hashable {
        /// What the version may do.
        public var state: State
        /// When it was made, in milliseconds since 1970.
        public var created: Int64
        /// When it last sealed, as known; nil for never.
        public var lastUse: Int64?
        /// Uses reserved so far: never fewer than were made.
        public var uses: UInt64

        /// A version as it was stored.
        public init(state: State, created: Int64, lastUse: Int64? = nil, uses: UInt64 = 0) {
            self.state = state
            self.created = created
            self.lastUse = lastUse
            self.uses = uses
        }
    }

    /// What a version may do.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Opens, and seals where it is the primary.
        case active
        /// Does nothing; its material is destroyed.
        case retired
    }

    /// A new key with version 1.
    public init(id: KeyID, name: KeyName, at time: Int64) {
        self.init(id: id, name: name, versions: [1: Version(state: .active, created: time)], primary: 1)
    }

    /// A key as it was stored.
    public init(id: KeyID, name: KeyName, versions: [UInt32: Version], primary: UInt32) {
        self.id = id
        self.name = name
        self.versions = versions
        self.primary = primary
    }

    /// Makes the next version the one that seals; older ones go on opening. Returns its number.
    public mutating func rotate(at time: Int64) -> UInt32 {
        primary = (versions.keys.max() ?? 0) + 1
        versions[primary] = Version(state: .active, created: time)
        return primary
    }

    /// Ends a version's life.
    ///
    /// - Parameter liveValues: how many stored values only this version opens, counted in the same transaction.
    /// - Throws: ``EnvelopeError`` with code `state` for the primary or while one live value remains, `unknownKey` for no
    ///   such version.
    public mutating func retire(_ version: UInt32, liveValues: Int) throws(EnvelopeError) {
        guard let known = versions[version] else { throw EnvelopeError(.unknownKey, "no version \(version) of \(name)") }
        guard version != primary else { throw EnvelopeError(.state, "version \(version) of \(name) is the one that seals: rotate first") }
        guard known.state == .active else { throw EnvelopeError(.state, "version \(version) of \(name) is retired already") }
        guard liveValues == 0 else {
            throw EnvelopeError(.state, "\(liveValues) stored values still need version \(version) of \(name): rewrap first")
        }
        versions[version]?.state = .retired
    }

    /// Sets aside `count` uses of the primary before they happen, so that a crash can only count too many.
    ///
    /// - Throws: ``EnvelopeError`` with code `exhausted` past ``useLimit``.
    public mutating func reserve(_ count: UInt64, at time: Int64) throws(EnvelopeError) {
        guard var version = versions[primary], version.uses + count <= Self.useLimit else {
            throw EnvelopeError(.exhausted, "version \(primary) of \(name) has been used up: rotate it")
        }
        version.uses += count
        version.lastUse = max(time, version.lastUse ?? time)
        versions[primary] = version
    }

    /// True when the primary has been used so often that a rotation is due.
    public var isRotationDue: Bool { (versions[primary]?.uses ?? 0) >= Self.rotationDue }
}
