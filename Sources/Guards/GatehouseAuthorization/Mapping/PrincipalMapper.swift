internal import Cedar
internal import GatehouseConfiguration
internal import GatehouseGuards
internal import StrictJSON

/// Makes principals of identities: `User::"ISSUER|SUBJECT"` with roles, groups and entitlements as parents.
struct PrincipalMapper: Sendable {
    /// Why an identity is no principal.
    struct Fault: Error {
        let rule: String
        let reason: String
    }

    private enum Source: Sendable {
        case issuer, subject, client
        case claim(JSONPointer)
    }

    private struct Attribute: Sendable {
        let name: Text
        let type: CedarType
        let isRequired: Bool
        let source: Source
    }

    private struct Kind: Sendable {
        let type: Text
        let attributes: [Attribute]
        let role: Text?
        let group: Text?
        let entitlement: Text?
    }

    private let issuers: [String: String]
    private let roleIssuers: Set<String>
    private let user: Kind
    private let client: Kind?
    private let conversion: ValueConversion
    /// The principal of callers without identity; nil: there is none.
    let anonymous: EntityUID?

    /// Plans the attributes that the schema declares.
    ///
    /// - Throws: ``AuthorizationFault`` for types and pointers that do not hold.
    init(_ mapping: AuthorizationMapping, schema: Schema?, conversion: ValueConversion) throws(AuthorizationFault) {
        let names = TypeNames(mapping)
        issuers = Dictionary(mapping.issuers.pairs.map { ($0.name, $0.text) }) { first, _ in first }
        roleIssuers = Set(mapping.roleIssuers)
        user = try Self.kind(names.user, mapping, names, schema)
        client = try mapping.client.isEmpty ? nil : Self.kind(names.type(mapping.client), mapping, names, schema)
        anonymous = mapping.anonymous.isEmpty ? nil : EntityUID(type: names.type(mapping.anonymous), id: "anonymous")
        if let anonymous, let schema, schema.attributes(of: anonymous.type) == nil {
            throw AuthorizationFault("the schema does not declare the type `\(anonymous.type)` of callers without identity")
        }
        self.conversion = conversion
    }

    /// The types that principals can have.
    var types: [Text] { [user.type] + (client.map { [$0.type] } ?? []) + (anonymous.map { [$0.type] } ?? []) }

    /// The principal of an identity, with what the entity sources know of it.
    ///
    /// - Parameter known: the entity as the sources have it; its attributes win.
    func principal(_ identity: CallerIdentity) throws(Fault) -> EntityUID {
        EntityUID(type: kind(of: identity).type, id: Text("\(try issuerName(identity.issuer))|\(identity.subject)"))
    }

    /// The entity of an identity's principal.
    func entity(_ uid: EntityUID, _ identity: CallerIdentity, known: Entity?) throws(Fault) -> Entity {
        let kind = kind(of: identity)
        var pairs: [(Text, Value)] = []
        for attribute in kind.attributes where known?.attributes[attribute.name] == nil {
            if let value = value(attribute, identity) {
                pairs.append((attribute.name, value))
            } else if attribute.isRequired {
                throw Fault(rule: "incomplete_identity", reason: "the caller's identity has no usable `\(attribute.name)`")
            }
        }
        if let known { pairs += known.attributes.pairs }
        return Entity(
            uid: uid, attributes: Record(pairs), tags: known?.tags ?? Record(),
            parents: parents(identity, kind) + (known?.parents ?? []))
    }

    private func issuerName(_ issuer: String) throws(Fault) -> String {
        if let name = issuers[issuer] { return name }
        guard issuers.isEmpty else { throw Fault(rule: "unknown_issuer", reason: "issuer `\(issuer)` is not one of `issuers`") }
        return issuer.replacing("|", with: "%7C")
    }

    private func kind(of identity: CallerIdentity) -> Kind {
        if let client, !identity.client.isEmpty, identity.client == identity.subject { return client }
        return user
    }

    private func parents(_ identity: CallerIdentity, _ kind: Kind) -> [EntityUID] {
        guard roleIssuers.isEmpty || roleIssuers.contains(issuers[identity.issuer] ?? identity.issuer) else { return [] }
        var parents: [EntityUID] = []
        for (type, words) in [(kind.role, identity.roles), (kind.group, identity.groups), (kind.entitlement, identity.entitlements)] {
            if let type { for word in words { parents.append(EntityUID(type: type, id: Text(word))) } }
        }
        return parents
    }

    private func value(_ attribute: Attribute, _ identity: CallerIdentity) -> Value? {
        switch attribute.source {
        case .issuer: conversion.value(identity.issuer, as: attribute.type)
        case .subject: conversion.value(identity.subject, as: attribute.type)
        case .client: identity.client.isEmpty ? nil : conversion.value(identity.client, as: attribute.type)
        case .claim(let pointer): identity.claims?.root.value(at: pointer).flatMap { conversion.value($0, as: attribute.type) }
        }
    }

    private static func kind(
        _ type: Text, _ mapping: AuthorizationMapping, _ names: TypeNames, _ schema: Schema?
    ) throws(AuthorizationFault) -> Kind {
        let declared: [Text: AttributeType]
        if let schema {
            guard let found = schema.attributes(of: type) else {
                throw AuthorizationFault("the schema does not declare the type `\(type)` of principals")
            }
            declared = found
        } else {
            let words = ["issuer", "subject", "client"] + mapping.claims.pairs.map(\.name)
            declared = Dictionary(words.map { (Text($0), AttributeType(type: .never, isRequired: false)) }) { first, _ in first }
        }
        var attributes: [Attribute] = []
        for (name, attribute) in declared.sorted(by: { $0.key < $1.key }) {
            attributes.append(
                Attribute(name: name, type: attribute.type, isRequired: attribute.isRequired, source: try source(name, mapping)))
        }
        let parent = { (word: String) -> Text? in schema?.mayBeBelow(type, names.type(word)) ?? true ? names.type(word) : nil }
        return Kind(
            type: type, attributes: attributes, role: parent(mapping.role), group: parent(mapping.group),
            entitlement: parent(mapping.entitlement))
    }

    private static func source(_ name: Text, _ mapping: AuthorizationMapping) throws(AuthorizationFault) -> Source {
        if let pointer = mapping.claims[name.string] {
            do { return .claim(try JSONPointer(parsing: pointer)) } catch { throw AuthorizationFault(error.reason) }
        }
        switch name.string {
        case "issuer": return .issuer
        case "subject": return .subject
        case "client": return .client
        default: return .claim(JSONPointer([name.string]))
        }
    }
}

/// The mapping's types with their namespace.
struct TypeNames: Sendable {
    private let namespace: String
    let user: Text
    let action: Text

    init(_ mapping: AuthorizationMapping) {
        namespace = mapping.namespace
        user = Self.type(mapping.user, mapping.namespace)
        action = Self.type("Action", mapping.namespace)
    }

    /// The namespace; nil for none.
    var namespaceOrNil: String? { namespace.isEmpty ? nil : namespace }

    /// A type with the namespace in front, unless it has one.
    func type(_ name: String) -> Text { Self.type(name, namespace) }

    private static func type(_ name: String, _ namespace: String) -> Text {
        Text(namespace.isEmpty || name.contains("::") ? name : "\(namespace)::\(name)")
    }
}

extension JSONNode {
    /// The value at a pointer; nil where it leads nowhere.
    func value(at pointer: JSONPointer) -> JSONValue? {
        var node = self
        for token in pointer.tokens {
            switch node.kind {
            case .object:
                guard let next = node[token] else { return nil }
                node = next
            case .array:
                guard let place = JSONPointer.arrayIndex(token), let next = node[place] else { return nil }
                node = next
            default: return nil
            }
        }
        return node.value
    }
}
