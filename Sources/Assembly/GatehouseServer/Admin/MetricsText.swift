internal import GatehouseAudit
internal import GatehouseProxy

/// Writes counts in the OpenMetrics 1.0 text format.
enum MetricsText {
    static func text(_ snapshot: ProxySnapshot, lostEvents: Int, audit: AuditLog.Status? = nil, more: [String] = []) -> String {
        var lines: [String] = []
        requests(snapshot, &lines)
        durations(snapshot, &lines)
        backends(snapshot, &lines)
        lines += ["# TYPE gatehouse_connections gauge", "# HELP gatehouse_connections Connections of clients that are open."]
        lines.append("gatehouse_connections \(snapshot.connections)")
        lines += ["# TYPE gatehouse_events_lost counter", "# HELP gatehouse_events_lost Events that found no room in the queue."]
        lines.append("gatehouse_events_lost_total \(lostEvents)")
        if let audit { self.audit(audit, &lines) }
        return (lines + more + ["# EOF\n"]).joined(separator: "\n")
    }

    private static func audit(_ status: AuditLog.Status, _ lines: inout [String]) {
        lines += [
            "# TYPE gatehouse_audit_events_lost counter",
            "# HELP gatehouse_audit_events_lost Events that found no room in the queue of the audit log.",
            "gatehouse_audit_events_lost_total \(status.lost)", "# TYPE gatehouse_audit_events_waiting gauge",
            "# HELP gatehouse_audit_events_waiting Events that wait to be written to the audit log.",
            "gatehouse_audit_events_waiting \(status.waiting)", "# TYPE gatehouse_audit_failing gauge",
            "# HELP gatehouse_audit_failing 1 while the audit log cannot be written.",
            "gatehouse_audit_failing \(status.failure == nil ? 0 : 1)",
        ]
    }

    private static func requests(_ snapshot: ProxySnapshot, _ lines: inout [String]) {
        lines += [
            "# TYPE gatehouse_requests counter", "# HELP gatehouse_requests Requests that came to an end, by first digit of the status.",
        ]
        for row in snapshot.routes {
            for (digit, count) in row.byClass.enumerated() where count > 0 {
                lines.append("gatehouse_requests_total{\(labels(row)),status=\"\(digit)xx\"} \(count)")
            }
        }
    }

    private static func durations(_ snapshot: ProxySnapshot, _ lines: inout [String]) {
        lines += [
            "# TYPE gatehouse_request_duration_seconds histogram", "# UNIT gatehouse_request_duration_seconds seconds",
            "# HELP gatehouse_request_duration_seconds From the first byte of a request to the last of its answer.",
        ]
        for row in snapshot.routes {
            var sum = 0
            for (index, count) in row.buckets.enumerated() {
                sum += count
                let bound = index < ProxySnapshot.bounds.count ? "\(ProxySnapshot.bounds[index])" : "+Inf"
                lines.append("gatehouse_request_duration_seconds_bucket{\(labels(row)),le=\"\(bound)\"} \(sum)")
            }
            lines.append("gatehouse_request_duration_seconds_sum{\(labels(row))} \(row.seconds)")
            lines.append("gatehouse_request_duration_seconds_count{\(labels(row))} \(sum)")
        }
    }

    private static func backends(_ snapshot: ProxySnapshot, _ lines: inout [String]) {
        let families: [(name: String, help: String, value: (ProxySnapshot.Backend) -> Int)] = [
            ("gatehouse_upstream_up", "1 for a backend that is up.", { $0.isHealthy ? 1 : 0 }),
            ("gatehouse_upstream_active_requests", "Requests under way.", { $0.activeRequests }),
            ("gatehouse_upstream_connections", "Connections open.", { $0.connections }),
        ]
        for family in families {
            lines += ["# TYPE \(family.name) gauge", "# HELP \(family.name) \(family.help)"]
            for backend in snapshot.backends {
                let labels = "service=\"\(escaped(backend.service))\",upstream=\"\(escaped(backend.name))\""
                lines.append("\(family.name){\(labels)} \(family.value(backend))")
            }
        }
    }

    private static func labels(_ row: ProxySnapshot.RouteCounts) -> String {
        "service=\"\(escaped(row.service))\",route=\"\(escaped(row.route))\""
    }

    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
    }
}
