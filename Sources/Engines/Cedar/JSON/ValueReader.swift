internal import StrictJSON

/// Reads values, entity names and records of the JSON forms.
///
/// With a type at hand the escapes may be left out: a string stands for a `decimal`, `{"type", "id"}` for an entity.
struct ValueReader: Sendable {
    let read: JSONReading
    let limits: CedarLimits

    init(code: CedarError.Code, limits: CedarLimits) {
        read = JSONReading(code: code)
        self.limits = limits
    }

    func value(_ node: JSONNode, as type: CedarType? = nil) throws(CedarError) -> Value {
        switch type {
        case .entity, .anyEntity: return .entity(try entity(node))
        case .extension(let type): return try self.extension(node, type)
        case .set(let element):
            var values: [Value] = []
            for item in try read.array(node, "a set") { values.append(try value(item, as: element)) }
            return .set(ValueSet(values))
        case .record(let record) where !record.isOpen: return .record(try self.record(node, as: record))
        default: return try untyped(node)
        }
    }

    /// A record with the attributes of a type; missing and undeclared ones are refused.
    func record(_ node: JSONNode, as type: RecordType) throws(CedarError) -> Record {
        var pairs: [(Text, Value)] = []
        for member in try read.object(node, "a record").members {
            let name = Text(member.name)
            guard let attribute = type.attributes[name] else {
                throw read.failure("attribute `\(name)` should not be there", member.value)
            }
            pairs.append((name, try value(member.value, as: attribute.type)))
        }
        let record = Record(pairs)
        for (name, attribute) in type.attributes where attribute.isRequired && record[name] == nil {
            throw read.failure("attribute `\(name)` is missing", node)
        }
        return record
    }

    /// `{"type", "id"}`, or that under `__entity`.
    func entity(_ node: JSONNode) throws(CedarError) -> EntityUID {
        let inner = node["__entity"] ?? node
        guard let type = inner["type"]?.string, let id = inner["id"]?.string else {
            throw read.failure("an entity is written `{\"type\": …, \"id\": …}`", node)
        }
        guard Identifiers.isTypeName(type) else { throw read.failure("`\(type)` is no name of a type", inner) }
        return EntityUID(type: Text(type), id: Text(id))
    }

    private func untyped(_ node: JSONNode) throws(CedarError) -> Value {
        switch node.kind {
        case .null: throw read.failure("null is no value in Cedar", node)
        case .bool: return .bool(node.bool == true)
        case .string: return .string(Text(node.string ?? ""))
        case .number:
            guard let value = node.number.flatMap({ Int64($0.text) }) else {
                throw read.failure("`\(node.number?.text ?? "")` is no 64-bit integer", node)
            }
            return .long(value)
        case .array:
            var values: [Value] = []
            for item in node.elements { values.append(try untyped(item)) }
            return .set(ValueSet(values))
        case .object: return try object(node)
        }
    }

    /// An escape, where the object has exactly one key of that name and form; else a record.
    private func object(_ node: JSONNode) throws(CedarError) -> Value {
        if node.count == 1 {
            if let inner = node["__entity"], inner["type"]?.string != nil, inner["id"]?.string != nil {
                return .entity(try entity(inner))
            }
            if let inner = node["__extn"], let call = try call(inner) { return call }
            if node["__expr"]?.string != nil { throw read.failure("`__expr` is no longer supported", node) }
        }
        var pairs: [(Text, Value)] = []
        for member in node.members { pairs.append((Text(member.name), try untyped(member.value))) }
        return .record(Record(pairs))
    }

    /// `{"fn", "arg"}` or `{"fn", "args"}`; nil for other objects. Typed arguments may leave their escapes out too.
    private func call(_ node: JSONNode, typed: Bool = false) throws(CedarError) -> Value? {
        guard let name = node["fn"]?.string else { return nil }
        let list: [JSONNode]
        if let argument = node["arg"] {
            list = [argument]
        } else if let arguments = node["args"], arguments.kind == .array {
            list = Array(arguments.elements)
        } else {
            return nil
        }
        guard let function = ExtensionFunction(rawValue: name) else { throw read.failure("`\(name)` is no extension function", node) }
        let types = function.argumentTypes
        var arguments: [Value] = []
        for (index, argument) in list.enumerated() {
            if typed, index < types.count, ExtensionType.extensions.contains(types[index]) {
                arguments.append(try self.extension(argument, types[index]))
            } else {
                arguments.append(try untyped(argument))
            }
        }
        return try apply(function, arguments[...], node)
    }

    private func `extension`(_ node: JSONNode, _ type: ExtensionType) throws(CedarError) -> Value {
        if let inner = node["__extn"], let value = try call(inner, typed: true) { return value }
        if let value = try call(node, typed: true) { return value }
        guard let function = ExtensionFunction.allCases.first(where: { $0.isConstructor && $0.resultType == type }) else {
            throw read.failure("a value of type \(type.rawValue) is expected", node)
        }
        return try apply(function, [try untyped(node)], node)
    }

    private func apply(_ function: ExtensionFunction, _ arguments: ArraySlice<Value>, _ node: JSONNode) throws(CedarError) -> Value {
        do {
            return try function.apply(arguments)
        } catch {
            throw read.failure(error.description, node)
        }
    }
}
