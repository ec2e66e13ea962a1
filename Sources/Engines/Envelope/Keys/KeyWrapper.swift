/// The key above another: wraps and unwraps its material. The root key is one, in this process or in a device.
public protocol KeyWrapper: Sendable {
    /// Eight bytes that tell this wrapper from others, such as a digest of its public properties.
    var identifier: KeyID { get }

    /// Wraps material for a context, which must be given again to unwrap.
    ///
    /// - Throws: ``EnvelopeError``.
    func wrap(_ material: KeyMaterial, for context: KeyContext) throws -> [UInt8]

    /// Unwraps material.
    ///
    /// - Throws: ``EnvelopeError`` with code `notAuthentic` for other bytes or another context, `unavailable` for a device that does not answer.
    func unwrap(_ wrapped: [UInt8], for context: KeyContext) throws -> KeyMaterial
}

/// What wrapped material is: bound to it, so that wrapped keys cannot be swapped.
public struct KeyContext: Sendable, Hashable {
    /// The key's identifier.
    public var id: KeyID
    /// The key's name.
    public var name: KeyName
    /// The version.
    public var version: UInt32

    /// The context of one version of a key.
    public init(id: KeyID, name: KeyName, version: UInt32) {
        self.id = id
        self.name = name
        self.version = version
    }

    /// The context as a place, for wrappers that seal records.
    public var place: Place {
        Place(
            purpose: name.purpose, tenant: name.tenant, table: name.kind.rawValue, row: id.description, column: "wrapped",
            revision: Int64(version))
    }

    /// The context as associated data, for wrappers that are devices.
    public var encoded: [UInt8] { place.encoded }
}

/// A wrapper whose key is in this process: a root key from a file, or a key-encryption key.
public struct LocalKeyWrapper: KeyWrapper {
    /// Tells this wrapper from others.
    public let identifier: KeyID
    private let seal: RecordSeal

    /// A wrapper named by its own material: the identifier is a derived digest that tells nothing about it.
    ///
    /// - Throws: ``EnvelopeError`` with code `size` unless the material has 32 bytes.
    public init(root material: KeyMaterial) throws(EnvelopeError) {
        let digest = material.withBytes {
            Derivation.bytes(from: $0, salt: [], info: Array("gatehouse root key identifier".utf8), count: 8)
        }
        try self.init(material: material, identifier: KeyID(bytes: digest), version: 1)
    }

    /// The wrapper of one version of a key-encryption key.
    ///
    /// - Throws: ``EnvelopeError`` with code `size` unless the material has 32 bytes.
    public init(material: KeyMaterial, identifier: KeyID, version: UInt32) throws(EnvelopeError) {
        self.identifier = identifier
        seal = try RecordSeal(material: material, key: identifier, version: version)
    }

    /// Wraps material for a context.
    public func wrap(_ material: KeyMaterial, for context: KeyContext) throws -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return try material.withBytes { try seal.seal($0, at: context.place, using: &generator) }
    }

    /// Unwraps material of a context.
    public func unwrap(_ wrapped: [UInt8], for context: KeyContext) throws -> KeyMaterial {
        var bytes = try seal.open(SealedRecord(wrapped), at: context.place)
        return try KeyMaterial(&bytes)
    }
}
