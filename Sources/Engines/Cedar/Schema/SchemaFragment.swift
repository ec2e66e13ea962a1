/// A schema as it is written, in either form: names not yet resolved.
public struct SchemaFragment: Sendable, Equatable {
    /// The namespaces in the order of their names; the empty namespace has the name nil and comes first.
    public private(set) var namespaces: [(name: String?, definition: NamespaceDefinition)] = []

    init() {}

    /// The definitions of a namespace.
    public subscript(name: String?) -> NamespaceDefinition? {
        namespaces.first { $0.name == name }?.definition
    }

    mutating func insert(_ definition: NamespaceDefinition, for name: String?) -> Bool {
        guard self[name] == nil else { return false }
        let place = namespaces.firstIndex { ($0.name ?? "") > (name ?? "") } ?? namespaces.count
        namespaces.insert((name, definition), at: place)
        return true
    }

    /// Equal when they declare the same.
    public static func == (left: SchemaFragment, right: SchemaFragment) -> Bool {
        left.namespaces.elementsEqual(right.namespaces) { $0.name == $1.name && $0.definition == $1.definition }
    }
}

/// `@key("value")` on declarations of a schema; the value of a bare one is nil.
public struct SchemaAnnotations: Sendable, Equatable {
    /// By key.
    var values: [Text: Text?] = [:]

    var isEmpty: Bool { values.isEmpty }
    var sorted: [(key: Text, value: Text?)] { values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
}

/// What one namespace declares.
public struct NamespaceDefinition: Sendable, Equatable {
    var annotations = SchemaAnnotations()
    var commonTypes: [Text: CommonTypeDeclaration] = [:]
    var entityTypes: [Text: EntityTypeDeclaration] = [:]
    var actions: [Text: ActionDeclaration] = [:]
}

/// `type T = …;`
struct CommonTypeDeclaration: Sendable, Equatable {
    var annotations = SchemaAnnotations()
    var type: TypeExpression
}

/// `entity E …;`
struct EntityTypeDeclaration: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case standard(parents: [String], shape: TypeExpression, tags: TypeExpression?)
        /// The only ids that such entities have.
        case enumeration([Text])
    }

    var annotations = SchemaAnnotations()
    var kind: Kind
}

/// `action a …;`
struct ActionDeclaration: Sendable, Equatable {
    struct Parent: Sendable, Equatable {
        let id: Text
        /// Nil for the type `Action` of the own or the empty namespace.
        let type: String?
    }

    struct AppliesTo: Sendable, Equatable {
        var principals: [String]
        var resources: [String]
        var context: TypeExpression
    }

    var annotations = SchemaAnnotations()
    /// Nil and empty mean the same and are kept apart for translation.
    var parents: [Parent]?
    var appliesTo: AppliesTo?
}

/// A type as it is written.
indirect enum TypeExpression: Sendable, Equatable {
    case bool, long, string
    case set(TypeExpression)
    case record([Text: AttributeDeclaration])
    case entity(String)
    case `extension`(String)
    /// What the Cedar syntax writes: a common type if there is one, else an entity type.
    case entityOrCommon(String)
    case common(String)

    static let emptyRecord = TypeExpression.record([:])

    var isEmptyRecord: Bool { self == .emptyRecord }
}

/// An attribute of a record type.
struct AttributeDeclaration: Sendable, Equatable {
    var annotations = SchemaAnnotations()
    var type: TypeExpression
    var isRequired = true
}
