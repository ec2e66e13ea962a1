internal import GatehouseCore
public import OpenAPI
public import StrictJSON

/// Writes what was counted, for people and programs.
extension TrafficSnapshot {
    /// One sentence for the log: what was judged, refused, and would have been refused.
    public var sentence: String {
        let seen = "\(counts.requests) requests and \(counts.responses) answers of `\(service)` judged by `\(title)`"
        let refused = "refused \(counts.refused(.request)) and \(counts.refused(.response))"
        let reported = "report would have refused \(counts.reported(.request)) and \(counts.reported(.response))"
        let shadow = inventory.shadowPaths.count + inventory.shadowItems.count
        return "\(seen): \(refused), \(reported); \(shadow) things undocumented, \(inventory.unused.count) operations never used"
    }

    /// Everything, most frequent first.
    public var json: JSONValue {
        [
            "service": .string(service), "document": .string(file), "title": .string(title), "requests": JSONValue(counts.requests),
            "responses": JSONValue(counts.responses), "sanitized": JSONValue(counts.sanitized), "unread": JSONValue(counts.unread),
            "refusals": .array(refusalRows.map(Self.json)), "operations": .array(operations.map(operation)),
            "undocumented_paths": .array(
                shadowPathRows.map { ["method": .string($0.0.method), "path": .string($0.0.path), "count": JSONValue($0.1)] }),
            "undocumented": .array(shadowItemRows.map(item)), "unlisted": JSONValue(inventory.overflow),
        ]
    }

    /// Undocumented paths, most frequent first.
    public var shadowPathRows: [(OpenAPIInventory.ShadowPath, Int)] {
        inventory.shadowPaths.sorted { ($1.value, $0.key.path, $0.key.method) < ($0.value, $1.key.path, $1.key.method) }
            .map { ($0.key, $0.value) }
    }

    /// Undocumented methods, parameters, properties and statuses, most frequent first.
    public var shadowItemRows: [(OpenAPIInventory.ShadowItem, Int)] {
        inventory.shadowItems.sorted { ($1.value, $0.key.path, $0.key.item.description) < ($0.value, $1.key.path, $1.key.item.description) }
            .map { ($0.key, $0.value) }
    }

    private var refusalRows: [(TrafficCounts.Refusal, Int)] {
        counts.refusals.sorted { "\($0.key)" < "\($1.key)" }.map { ($0.key, $0.value) }
    }

    private static func json(_ row: (TrafficCounts.Refusal, Int)) -> JSONValue {
        [
            "direction": .string(row.0.direction.rawValue), "verdict": .string(row.0.verdict), "mode": .string(row.0.mode.rawValue),
            "count": JSONValue(row.1),
        ]
    }

    private func operation(_ operation: OpenAPIOperation) -> JSONValue {
        [
            "method": .string(operation.method), "path": .string(operation.path), "deprecated": .bool(operation.isDeprecated),
            "count": JSONValue(inventory.uses[operation.id]),
        ]
    }

    private func item(_ row: (OpenAPIInventory.ShadowItem, Int)) -> JSONValue {
        let operation = row.0.operation.map { operations[$0].method } ?? ""
        return [
            "method": .string(operation), "path": .string(row.0.path), "kind": .string(row.0.item.kind.rawValue),
            "name": .string(row.0.item.name), "count": JSONValue(row.1),
        ]
    }
}
