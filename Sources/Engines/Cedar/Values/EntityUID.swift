/// The name of one entity: its type and its id, written `Type::"id"`.
///
/// The value is a reference to an immutable pair with its hash computed once, so that copies are
/// cheap and look-ups in the policy index do not hash strings again.
public struct EntityUID: Sendable {
    private final class Storage: Sendable {
        let type: Text
        let id: Text
        let hash: Int

        init(type: Text, id: Text) {
            self.type = type
            self.id = id
            var hasher = Hasher()
            hasher.combine(type)
            hasher.combine(id)
            hash = hasher.finalize()
        }
    }

    private let storage: Storage

    /// An entity of the type `type`, such as `Shop::User`, with any string as id.
    ///
    /// The type's name is not examined; see ``Identifiers/isTypeName(_:)``.
    public init(type: Text, id: Text) {
        storage = Storage(type: type, id: id)
    }

    /// The entity's type with its namespaces, such as `Shop::User`.
    public var type: Text { storage.type }
    /// The entity's id.
    public var id: Text { storage.id }

    /// True for `Action` in any namespace.
    public var isAction: Bool { Identifiers.isActionType(type) }
}

extension EntityUID: Hashable, Comparable {
    /// Equal when type and id are.
    public static func == (left: EntityUID, right: EntityUID) -> Bool {
        if left.storage === right.storage { return true }
        return left.storage.hash == right.storage.hash
            && left.storage.id == right.storage.id && left.storage.type == right.storage.type
    }

    /// By type, then by id.
    public static func < (left: EntityUID, right: EntityUID) -> Bool {
        left.type == right.type ? left.id < right.id : left.type < right.type
    }

    /// Hashes type and id.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(storage.hash)
    }
}

extension EntityUID: CustomStringConvertible {
    /// The entity as Cedar text.
    public var description: String { "\(type)::\(id.quoted)" }
}

extension EntityUID {
    /// Reads `Type::"id"` as Cedar text writes it.
    ///
    /// - Throws: ``CedarError`` with the code `parse`.
    public init(parsing text: String) throws(CedarError) {
        let bytes = Array(text.utf8)
        var limits = CedarLimits()
        limits.depth = DeepStack.shallow
        var parser = try PolicyParser(bytes, limits: limits)
        let syntax = try parser.expression()
        guard parser.kind == .end, case .entity(let name, let id) = syntax.kind else {
            throw CedarError(.parse, "`\(text)` is no entity such as `User::\"alice\"`")
        }
        self = try Lowering(source: SourceText(bytes)).entity(name, id)
    }
}
