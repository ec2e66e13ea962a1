public import StrictJSON

/// A set of keys of RFC 7517 section 5, ready to choose from.
///
/// A key that cannot be used is left out and named in ``skipped``; the others stay.
public struct JSONWebKeySet: Sendable {
    /// The keys that can be used, in the set's order.
    public let keys: [JSONWebKey]
    /// What was left out, and why.
    public let skipped: [Skipped]

    /// A key that was left out of a set.
    public struct Skipped: Sendable {
        /// Its place in the set, from 0.
        public let index: Int
        /// Its `kid`, if it had one.
        public let keyID: String?
        /// Why it was left out.
        public let error: JOSEError
    }

    /// A set of keys already read.
    ///
    /// Two keys of one type under one `kid` are both left out, since a token could not say which it means.
    ///
    /// Refuses: a set that mixes secrets with public keys, or private keys with public ones: such a set was published by mistake.
    /// - Throws: ``JOSEError/Code/invalidKey``.
    public init(_ keys: [JSONWebKey]) throws(JOSEError) {
        try self.init(keys.enumerated().map { ($0.offset, $0.element) }, skipped: [])
    }

    /// Reads a set from JSON text of at most 1 MiB and 1,000 keys.
    ///
    /// - Throws: ``JOSEError``: `malformed` where the text is no set, `invalidKey` as ``init(_:)`` says.
    public init(parsing text: [UInt8]) throws(JOSEError) {
        var limits = JSONLimits()
        limits.bytes = 1 << 20
        limits.depth = 16
        limits.elements = 50_000
        try self.init(parseJSON(text, limits: limits).root)
    }

    /// Reads a set from JSON text, as ``init(parsing:)-([UInt8])`` does.
    public init(parsing text: String) throws(JOSEError) { try self.init(parsing: Array(text.utf8)) }

    /// Reads a set from a JSON object.
    public init(_ node: JSONNode) throws(JOSEError) {
        guard let list = node["keys"], list.kind == .array else { throw JOSEError(.malformed, "`keys` is not an array") }
        guard list.count <= 1000 else { throw JOSEError(.limitExceeded, "more than 1000 keys") }
        var keys: [(Int, JSONWebKey)] = []
        var skipped: [Skipped] = []
        for (index, node) in list.elements.enumerated() {
            do {
                keys.append((index, try JSONWebKey(node)))
            } catch {
                skipped.append(Skipped(index: index, keyID: node["kid"]?.string, error: error))
            }
        }
        try self.init(keys, skipped: skipped)
    }

    private init(_ found: [(Int, JSONWebKey)], skipped: [Skipped]) throws(JOSEError) {
        let kinds = Set(found.map { $0.1.material.isSymmetric ? "secret" : $0.1.material.isPrivate ? "private" : "public" })
        guard kinds.count < 2 else { throw JOSEError(.invalidKey, "the set mixes \(kinds.sorted().joined(separator: ", ")) keys") }
        var names: [String: Int] = [:]
        for (_, key) in found { if let name = key.nameInSet { names[name, default: 0] += 1 } }
        let isAmbiguous = { (key: JSONWebKey) in key.nameInSet.map { names[$0, default: 0] > 1 } ?? false }
        keys = found.map(\.1).filter { !isAmbiguous($0) }
        let ambiguous = found.filter { isAmbiguous($0.1) }.map {
            Skipped(index: $0.0, keyID: $0.1.keyID, error: JOSEError(.invalidKey, "`kid` stands for more than one key"))
        }
        self.skipped = (skipped + ambiguous).sorted { $0.index < $1.index }
    }

    /// The set as JSON, public halves alone.
    ///
    /// - Throws: ``JOSEError/Code/invalidKey`` where it holds secrets.
    public func json() throws(JOSEError) -> JSONValue {
        var list: [JSONValue] = []
        for key in keys { list.append(try key.json()) }
        return .object(["keys": .array(list)])
    }
}

extension JSONWebKey {
    fileprivate var nameInSet: String? { keyID.map { material.keyType + "\n" + $0 } }
}
