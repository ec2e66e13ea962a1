@testable import Cedar

/// What one policy says to a fixed request.
func decide(_ policies: String, context: Record = Record(), entities: [Entity] = []) throws -> Response {
    let request = Request(
        principal: EntityUID(type: "User", id: "alice"), action: EntityUID(type: "Action", id: "view"),
        resource: EntityUID(type: "Doc", id: "d"), context: context)
    return Authorizer(try PolicySet(parsing: policies)).decide(request, entities: try Entities(entities))
}

/// True where a condition holds, false where it does not, nil where its evaluation fails.
func holds(_ condition: String, context: Record = Record(), entities: [Entity] = []) throws -> Bool? {
    let response = try decide("permit(principal, action, resource) when { \(condition) };", context: context, entities: entities)
    return response.errors.isEmpty ? response.decision == .allow : nil
}

/// True where the condition is Cedar.
func parses(_ condition: String) -> Bool {
    (try? PolicySet(parsing: "permit(principal, action, resource) when { \(condition) };")) != nil
}

/// A seeded generator, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
