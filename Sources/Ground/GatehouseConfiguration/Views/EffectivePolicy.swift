internal import GatehouseCore

/// What holds for one request, and where each setting comes from.
public struct EffectivePolicy: Sendable {
    /// One setting.
    public struct Row: Sendable, Equatable {
        /// The key path below the service or route, such as `guards.headers.mode`.
        public let path: String
        /// The value as the file would say it.
        public let value: String
        /// Where it is set; nil: the default.
        public let origin: SourcePlace?
    }

    /// The request.
    public let question: PolicyQuestion
    /// The listener that takes it; nil where none speaks its scheme or has its port.
    public let listener: Listener?
    /// The service that takes it; nil: the request is refused with 404.
    public let service: Service?
    /// The route that takes it; nil: the service's own settings hold.
    public let route: RouteSettings?
    /// Guards, limits and time limits.
    public let rows: [Row]
    /// Unsafe choices that hold for this request.
    public let unsafeChoices: [UnsafeChoice]
    let serviceOrigin: SourcePlace?
    let routeOrigin: SourcePlace?

    /// The policy in lines: modes and what is not a default.
    public var report: String { report(all: false) }

    /// The policy in lines.
    ///
    /// - Parameter all: shows defaults too.
    public func report(all: Bool) -> String {
        var lines = ["\(question.method) \(question.url)", ""]
        lines += table(head)
        guard service != nil else { return lines.joined(separator: "\n") + "\n" }
        let shown = rows.filter { all || $0.origin != nil || tells($0.path) }
        lines += [""] + table(shown.map { [$0.path, $0.value.shortened, $0.origin?.description ?? "default"] })
        if !all { lines += ["", "all other settings have their defaults; `--all` shows them"] }
        lines += unsafeChoices.flatMap { ["", "unsafe: \($0.path): \($0.value)", "  \($0.reason) (\($0.place))"] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// True for what a reader must know even where it is a default: what each guard does that has something to do here.
    private func tells(_ path: String) -> Bool {
        switch path {
        case "guards.authentication.require": true
        case "guards.authentication.mode": (route?.guards ?? service?.guards)?.authentication.require != .off
        case "guards.openapi.requests", "guards.openapi.responses": (route?.guards ?? service?.guards)?.openAPI.file != nil
        case "guards.authorization.mode": service?.authorization != nil
        default: path.hasSuffix(".mode")
        }
    }

    private var head: [[String]] {
        guard let service else { return [listenerLine, ["service", "none: answered with 404", ""]] }
        let upstreams = service.upstreams.map { $0.weight == 1 ? "\($0.url)" : "\($0.url) (weight \($0.weight))" }.joined(separator: ", ")
        return [
            listenerLine,
            ["service", service.name, serviceOrigin?.description ?? ""],
            ["route", route?.name ?? "none: the service's own settings", routeOrigin?.description ?? ""],
            service.builtin.map { ["builtin", $0.rawValue, ""] } ?? ["upstreams", upstreams, ""],
        ]
    }

    private var listenerLine: [String] {
        guard let listener else { return ["listener", "none takes \(question.scheme)\(question.port.map { " on port \($0)" } ?? "")", ""] }
        let kind = listener.redirectsToHTTPS ? "redirects to https" : listener.tls == nil ? "clear text" : "TLS"
        return ["listener", "\(listener.address), \(kind)", ""]
    }

    private func table(_ rows: [[String]]) -> [String] {
        let widths = (0..<3).map { column in min(rows.map { $0[column].count }.max() ?? 0, column == 1 ? 60 : 48) }
        return rows.map { row in
            zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ").trimmingEnd
        }
    }
}

extension LoadedConfiguration {
    /// The policy of a request.
    public func policy(for question: PolicyQuestion) -> EffectivePolicy {
        let match = Router(configuration.services).match(host: question.host, path: question.path, method: question.method)
        guard let match else { return policy(question, nil, nil, [], [""], nil, nil) }
        let service = configuration.services[match.service]
        let route = match.route.map { service.routes[$0] }
        let servicePath = "services[\(match.service)]"
        let routePath = match.route.map { "\(servicePath).routes[\($0)]" }
        let scopes = [routePath, servicePath, ""].compactMap { $0 }
        let guards = rows(of: route?.guards ?? service.guards, named: "guards", in: scopes)
        let limits = rows(of: route?.limits ?? service.limits, named: "limits", in: scopes)
        let timeouts = rows(of: route?.timeouts ?? service.timeouts, named: "timeouts", in: scopes)
        return policy(question, service, route, guards + limits + timeouts, scopes, origins[servicePath], routePath.flatMap { origins[$0] })
    }

    private func policy(
        _ question: PolicyQuestion, _ service: Service?, _ route: RouteSettings?, _ rows: [EffectivePolicy.Row], _ scopes: [String],
        _ serviceOrigin: SourcePlace?, _ routeOrigin: SourcePlace?
    ) -> EffectivePolicy {
        let listener = configuration.listeners.first {
            ($0.tls != nil) == (question.scheme == "https") && (question.port == nil || question.port == $0.address.port)
        }
        return EffectivePolicy(
            question: question, listener: listener, service: service, route: route, rows: rows,
            unsafeChoices: unsafeChoices.filter { holds($0, in: scopes) }, serviceOrigin: serviceOrigin, routeOrigin: routeOrigin)
    }

    /// True for choices at the top, and for those of the service and the route that take the request.
    private func holds(_ choice: UnsafeChoice, in scopes: [String]) -> Bool {
        let scope = scopes.first { !$0.isEmpty && choice.path.hasPrefix($0 + ".") }
        guard let scope else { return !choice.path.hasPrefix("services[") }
        return !choice.path.dropFirst(scope.count).hasPrefix(".routes[")
    }

    private func rows(of section: some ConfigurationSection, named name: String, in scopes: [String]) -> [EffectivePolicy.Row] {
        section.rows(at: name).map { row in
            EffectivePolicy.Row(path: row.path, value: row.value, origin: origin(of: row.path, in: scopes))
        }
    }

    /// Where a setting was set last on the way down. Lists and named limits are replaced as one, so that the innermost one decides.
    private func origin(of path: String, in scopes: [String]) -> SourcePlace? {
        let unit = unit(of: path)
        for scope in scopes {
            let prefix = scope.isEmpty ? "" : scope + "."
            if let place = origins[prefix + path] { return place }
            if let unit, let place = origins[prefix + unit] { return unit.contains(".limits.") ? nil : place }
        }
        return nil
    }

    private func unit(of path: String) -> String? {
        if let bracket = path.firstIndex(of: "[") { return String(path[..<bracket]) }
        guard path.hasPrefix("guards.rate_limits.limits.") else { return nil }
        return path.split(separator: ".").prefix(4).joined(separator: ".")
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    fileprivate var shortened: String { count > 60 ? prefix(59) + "…" : self }

    fileprivate var trimmingEnd: String {
        var rest = self[...]
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
