internal import StrictJSON

/// Entry points for fuzzers: each takes any bytes and must return, whatever they are.
package enum CedarFuzz {
    /// Policy text: parsed, printed, formatted, translated, and decided upon.
    package static func policies(_ bytes: [UInt8]) {
        guard let set = try? PolicySet(parsing: bytes, limits: limits) else { return }
        exercise(set)
        _ = try? PolicyFormatter().format(String(decoding: bytes, as: UTF8.self))
    }

    /// Policies in the JSON format.
    package static func policyJSON(_ bytes: [UInt8]) {
        guard let set = try? PolicySet(parsingJSON: bytes, limits: limits) else { return }
        exercise(set)
    }

    /// A schema in either form.
    package static func schema(_ bytes: [UInt8]) {
        guard let fragment = try? SchemaFragment(parsingEither: bytes, limits: limits) else { return }
        _ = fragment.json
        _ = try? fragment.cedarText()
        guard let schema = try? Schema(fragment, limits: limits) else { return }
        _ = schema.actionEntities
    }

    /// Entities in JSON.
    package static func entities(_ bytes: [UInt8]) {
        guard let entities = try? Entities(parsing: bytes, limits: limits) else { return }
        _ = entities.json
    }

    /// A request in JSON.
    package static func request(_ bytes: [UInt8]) {
        guard let request = try? Request(parsing: bytes, limits: limits) else { return }
        _ = request.json
    }

    private static var limits: CedarLimits {
        var limits = CedarLimits()
        limits.bytes = 1 << 20
        return limits
    }

    private static func exercise(_ set: PolicySet) {
        _ = set.json
        _ = set.cedarText
        let user = EntityUID(type: "User", id: "alice")
        let request = Request(principal: user, action: EntityUID(type: "Action", id: "view"), resource: user)
        _ = Authorizer(set).explain(request, entities: Entities(), all: true)
    }
}
