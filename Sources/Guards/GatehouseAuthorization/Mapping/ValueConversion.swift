internal import Cedar
internal import StrictJSON

/// Brings texts and JSON from outside into the type that the schema declares.
struct ValueConversion: Sendable {
    /// Names entities whose type is the one of principals and that come as a plain text: a subject of this issuer.
    let subjects: SubjectNames?

    /// How a subject without issuer becomes a principal.
    struct SubjectNames: Sendable {
        let type: Text
        let issuer: String
    }

    /// The text as a value of a type; nil where it is none.
    func value(_ text: String, as type: CedarType) -> Value? {
        switch type {
        case .string, .never: .string(Text(text))
        case .long: Int64(text).flatMap { String($0) == text ? .long($0) : nil }
        case .bool: text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
        case .extension(let kind): Self.extended(text, kind)
        case .entity(let names): names.count == 1 ? .entity(entity(text, names[0])) : nil
        default: nil
        }
    }

    /// JSON as a value of a type; nil where it is none. Members that a record does not declare are left out.
    func value(_ json: JSONValue, as type: CedarType) -> Value? {
        switch (type, json) {
        case (.never, _): Self.untyped(json)
        case (.bool, .bool(let bool)): .bool(bool)
        case (.long, .number(let number)): number.int64.map(Value.long)
        case (.string, .string(let text)), (.extension, .string(let text)): value(text, as: type)
        // identifiers are numbers in many APIs and texts in paths
        case (.string, .number(let number)): .string(Text(number.text))
        case (.entity(let names), .string(let text)): names.count == 1 ? .entity(entity(text, names[0])) : nil
        case (.entity(let names), .number(let number)): names.count == 1 ? .entity(entity(number.text, names[0])) : nil
        case (.entity(let names), .object(let object)): Self.named(object, names)
        case (.set(let element), .array(let elements)): set(elements, element)
        case (.record(let record), .object(let object)): self.record(object, record)
        default: nil
        }
    }

    /// The value by what the JSON is; nil for null and for numbers that are no 64-bit integer.
    private static func untyped(_ json: JSONValue) -> Value? {
        switch json {
        case .null: nil
        case .bool(let bool): .bool(bool)
        case .number(let number): number.int64.map(Value.long)
        case .string(let text): .string(Text(text))
        case .array(let elements): .set(ValueSet(elements.compactMap(untyped)))
        case .object(let object):
            .record(Record(object.compactMap { member in untyped(member.value).map { (Text(member.key), $0) } }))
        }
    }

    private func entity(_ text: String, _ type: Text) -> EntityUID {
        guard let subjects, subjects.type == type else { return EntityUID(type: type, id: Text(text)) }
        return EntityUID(type: type, id: Text("\(subjects.issuer)|\(text)"))
    }

    private static func named(_ object: JSONObject, _ names: [Text]) -> Value? {
        let inner = object["__entity"]?.object ?? object
        guard let type = inner["type"]?.string, let id = inner["id"]?.string, names.contains(Text(type)) else { return nil }
        return .entity(EntityUID(type: Text(type), id: Text(id)))
    }

    private func set(_ elements: [JSONValue], _ type: CedarType) -> Value? {
        let values = elements.compactMap { value($0, as: type) }
        return values.count == elements.count ? .set(ValueSet(values)) : nil
    }

    private func record(_ object: JSONObject, _ type: RecordType) -> Value? {
        var pairs: [(Text, Value)] = []
        for (name, attribute) in type.attributes {
            guard let json = object[name.string], !json.isNull else {
                if attribute.isRequired { return nil }
                continue
            }
            guard let value = value(json, as: attribute.type) else { return nil }
            pairs.append((name, value))
        }
        return .record(Record(pairs))
    }

    private static func extended(_ text: String, _ kind: ExtensionType) -> Value? {
        switch kind {
        case .decimal: DecimalValue(text).map(Value.decimal)
        case .ipaddr: IPValue(text).map(Value.ip)
        case .datetime: DatetimeValue(text).map(Value.datetime)
        case .duration: DurationValue(text).map(Value.duration)
        case .string, .bool, .long: nil
        }
    }
}
