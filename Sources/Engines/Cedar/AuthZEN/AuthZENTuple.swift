internal import StrictJSON

/// Subject, action, resource and context of one evaluation, in Cedar's terms.
struct AuthZENTuple {
    var subject: EntityUID
    var subjectProperties = Record()
    var action: EntityUID
    var resource: EntityUID
    var resourceProperties = Record()
    var context = Record()
}

extension AuthZENTuple {
    init(_ body: JSONValue, _ mapping: AuthZENMapping) throws(AuthZENError) {
        let reader = AuthZENReader(mapping: mapping)
        subject = try reader.entity(body, "subject")
        subjectProperties = try reader.record(body["subject"]?["properties"], "the properties of the subject")
        action = try reader.action(body)
        resource = try reader.entity(body, "resource")
        resourceProperties = try reader.record(body["resource"]?["properties"], "the properties of the resource")
        context = try reader.context(body)
    }
}

/// Reads the parts of requests of the Authorization API.
struct AuthZENReader {
    let mapping: AuthZENMapping

    /// `{"type", "id"}` under a key.
    func entity(_ body: JSONValue, _ key: String) throws(AuthZENError) -> EntityUID {
        guard let id = body[key]?["id"]?.string else { throw .badRequest("`\(key)` needs the strings `type` and `id`") }
        return EntityUID(type: try type(body, key), id: Text(id))
    }

    /// The type alone, as searches give it.
    func type(_ body: JSONValue, _ key: String) throws(AuthZENError) -> Text {
        guard let type = body[key]?["type"]?.string, !type.isEmpty else { throw .badRequest("`\(key)` needs the string `type`") }
        return mapping.cedarType(type)
    }

    func action(_ body: JSONValue) throws(AuthZENError) -> EntityUID {
        guard let name = body["action"]?["name"]?.string, !name.isEmpty else { throw .badRequest("`action` needs the string `name`") }
        return EntityUID(type: mapping.actionType, id: Text(name))
    }

    /// The context, with the properties of the action under `action` where there are any.
    func context(_ body: JSONValue) throws(AuthZENError) -> Record {
        let context = try record(body["context"], "the context")
        let properties = try record(body["action"]?["properties"], "the properties of the action")
        return properties.isEmpty ? context : Record(context.pairs + [("action", .record(properties))])
    }

    func record(_ value: JSONValue?, _ what: String) throws(AuthZENError) -> Record {
        guard let value, !value.isNull else { return Record() }
        guard case .object(let object) = value else { throw .badRequest("\(what) must be an object") }
        return record(object)
    }

    private func record(_ object: JSONObject) -> Record {
        Record(object.compactMap { member in self.value(member.value).map { (Text(member.key), $0) } })
    }

    /// JSON as Cedar knows it; null and fractions have no counterpart and are left out.
    private func value(_ value: JSONValue) -> Value? {
        switch value {
        case .null: nil
        case .bool(let bool): .bool(bool)
        case .string(let text): .string(Text(text))
        case .number(let number): Int64(number.text).map(Value.long)
        case .array(let items): .set(ValueSet(items.compactMap { self.value($0) }))
        case .object(let object): .record(record(object))
        }
    }
}
