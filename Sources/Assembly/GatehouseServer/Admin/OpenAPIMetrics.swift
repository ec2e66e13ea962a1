internal import GatehouseCore
internal import GatehouseValidation
internal import OpenAPI

/// Writes what documents say of traffic in the OpenMetrics text format.
enum OpenAPIMetrics {
    static func lines(_ traffic: [OpenAPITraffic]) -> [String] {
        guard !traffic.isEmpty else { return [] }
        let snapshots = traffic.map(\.snapshot)
        return messages(snapshots) + refusals(snapshots) + changes(snapshots) + inventory(snapshots)
    }

    private static func messages(_ snapshots: [TrafficSnapshot]) -> [String] {
        family("gatehouse_openapi_messages", "counter", "Messages judged by a document.")
            + snapshots.flatMap { snapshot in
                [("request", snapshot.counts.requests), ("response", snapshot.counts.responses)].map { direction, count in
                    "gatehouse_openapi_messages_total{service=\"\(MetricsText.escaped(snapshot.service))\",direction=\"\(direction)\"} \(count)"
                }
            }
    }

    /// `mode="report"` counts what would have been refused.
    private static func refusals(_ snapshots: [TrafficSnapshot]) -> [String] {
        family("gatehouse_openapi_refusals", "counter", "Messages that broke a document: refused, or in report what would have been.")
            + snapshots.flatMap { snapshot in
                snapshot.counts.refusals.map { kind, count in
                    let labels = "direction=\"\(kind.direction.rawValue)\",verdict=\"\(kind.verdict)\",mode=\"\(kind.mode.rawValue)\""
                    return "gatehouse_openapi_refusals_total{service=\"\(MetricsText.escaped(snapshot.service))\",\(labels)} \(count)"
                }.sorted()
            }
    }

    private static func changes(_ snapshots: [TrafficSnapshot]) -> [String] {
        let rows: [(name: String, help: String, value: (TrafficCounts) -> Int)] = [
            ("gatehouse_openapi_sanitized", "Requests that were changed.", { $0.sanitized }),
            ("gatehouse_openapi_unread", "Bodies that were too long to be looked into.", { $0.unread }),
        ]
        return rows.flatMap { row in
            family(row.name, "counter", row.help)
                + snapshots.map { "\(row.name)_total{service=\"\(MetricsText.escaped($0.service))\"} \(row.value($0.counts))" }
        }
    }

    private static func inventory(_ snapshots: [TrafficSnapshot]) -> [String] {
        let shadow = snapshots.flatMap { snapshot -> [String] in
            var counts = ["path": snapshot.inventory.shadowPaths.count]
            for item in snapshot.inventory.shadowItems.keys { counts[item.item.kind.rawValue, default: 0] += 1 }
            return counts.sorted { $0.key < $1.key }.map { kind, count in
                "gatehouse_openapi_undocumented{service=\"\(MetricsText.escaped(snapshot.service))\",kind=\"\(kind)\"} \(count)"
            }
        }
        let unused = snapshots.map {
            "gatehouse_openapi_unused_operations{service=\"\(MetricsText.escaped($0.service))\"} \($0.inventory.unused.count)"
        }
        return family("gatehouse_openapi_undocumented", "gauge", "Different things in traffic that a document does not know.") + shadow
            + family("gatehouse_openapi_unused_operations", "gauge", "Documented operations that no request has used.") + unused
    }

    private static func family(_ name: String, _ type: String, _ help: String) -> [String] {
        ["# TYPE \(name) \(type)", "# HELP \(name) \(help)"]
    }
}
