public import GatehouseConfiguration
internal import GatehouseCore
internal import HTTPWire

/// Cross-origin resource sharing by policy (Fetch standard, section 3.3).
///
/// With origins named, it answers preflights itself and is the only one that says who may read an answer: what the service says
/// goes. With none named, the service's own fields pass, but credentials are taken back from an origin of another site that the
/// service merely reflected.
///
/// Refuses: preflights of origins, methods or fields that the policy does not name.
public struct CORSGuard: Guard {
    /// The name in the configuration and in events.
    public let name = "cors"
    /// The phases that it wants.
    public let phases: GuardPhases

    private let settings: CORSGuardSettings
    private let allowsAny: Bool
    private let methods: Set<String>
    private let headers: Set<String>
    private let preflightLines: [(name: String, value: String)]
    private let exposed: String

    /// Compiles a policy.
    public init(_ settings: CORSGuardSettings) {
        self.settings = settings
        allowsAny = settings.origins.contains(.any)
        methods = Set(settings.methods.map(\.name)).union(["GET", "HEAD", "POST"])
        headers = Set(settings.headers.map(\.name)).union(["accept", "accept-language", "content-language", "range"])
        exposed = settings.expose.map(\.name).joined(separator: ", ")
        var lines = [("access-control-allow-methods", settings.methods.map(\.name).joined(separator: ", "))]
        if !settings.headers.isEmpty {
            lines.append(("access-control-allow-headers", settings.headers.map(\.name).joined(separator: ", ")))
        }
        lines.append(("access-control-max-age", String(settings.maxAge.components.seconds)))
        preflightLines = lines
        phases = settings.origins.isEmpty ? .finalHead : [.requestHead, .finalHead]
    }

    /// Answers preflights.
    public func requestHead(_ exchange: Exchange) -> Verdict {
        let fields = exchange.request.fields
        guard exchange.request.method == .options, let origin = fields[.origin], let method = fields[.accessControlRequestMethod] else {
            return .pass
        }
        guard isListed(origin) else { return refuse("origin", "preflight from an origin that is not listed", origin) }
        guard methods.contains(method) else { return refuse("method", "preflight for a method that is not listed", method) }
        let wanted = (fields[.accessControlRequestHeaders] ?? "").split(separator: ",").map { trimmedText(String($0)).lowercased() }
        if let header = wanted.first(where: { !$0.isEmpty && !headers.contains($0) }) {
            return refuse("header", "preflight for a field that is not listed", header)
        }
        return .respond(LocalAnswer(status: 204, fields: preflightLines))
    }

    /// Writes who may read the answer.
    public func finalHead(_ exchange: Exchange) {
        if settings.origins.isEmpty { return checkServicesOwn(exchange) }
        exchange.response.fields.removeAll(
            [.accessControlAllowOrigin, .accessControlAllowCredentials, .accessControlExposeHeaders])
        let isPreflight = exchange.request.method == .options && exchange.request.fields.contains(.accessControlRequestMethod)
        if !isPreflight || exchange.origin == .upstream {
            exchange.response.fields.removeAll([.accessControlAllowMethods, .accessControlAllowHeaders, .accessControlMaxAge])
        }
        let sendsOrigin = !(allowsAny && !settings.credentials)
        if sendsOrigin { Vary.add("origin", to: &exchange.response.fields) }
        if isPreflight {
            Vary.add("access-control-request-method", to: &exchange.response.fields)
            Vary.add("access-control-request-headers", to: &exchange.response.fields)
        }
        guard let origin = exchange.request.fields[.origin], isListed(origin) else { return }
        exchange.response.fields.append(.accessControlAllowOrigin, sendsOrigin ? origin : "*")
        if allowsCredentials(origin) { exchange.response.fields.append(.accessControlAllowCredentials, "true") }
        if !exposed.isEmpty, !isPreflight { exchange.response.fields.append(.accessControlExposeHeaders, exposed) }
    }

    private func isListed(_ origin: String) -> Bool { settings.origins.contains { $0.matches(origin) } }

    /// Credentials are for origins that are named, never for any.
    private func allowsCredentials(_ origin: String) -> Bool {
        settings.credentials && settings.origins.contains { $0 != .any && $0.matches(origin) }
    }

    private func checkServicesOwn(_ exchange: Exchange) {
        guard exchange.origin == .upstream, exchange.response.fields.has(.accessControlAllowCredentials, "true"),
            let allowed = exchange.response.fields[.accessControlAllowOrigin], let origin = exchange.request.fields[.origin],
            allowed == "*" || allowed == "null" || allowed == origin, !SameSite.holds(origin: origin, host: exchange.request.authority)
        else { return }
        exchange.response.fields.remove(.accessControlAllowCredentials)
        exchange.record(
            Decision(
                guardName: name, rule: "reflected_origin", outcome: .modify, mode: .enforce,
                reason: "service lets an origin of another site read answers with credentials; name it under cors.origins if it may",
                severity: .medium, evidence: [("origin", origin)]))
    }

    private func refuse(_ rule: String, _ reason: String, _ value: String) -> Verdict {
        .refuse(Refusal(Problem(status: 403), rule: rule, reason: reason, evidence: [(rule, value)]))
    }
}

/// The Vary field (RFC 9110, section 12.5.5), kept as one line.
enum Vary {
    /// Names one more request field, unless all or that one are named.
    static func add(_ name: StaticString, to fields: inout FieldBlock) {
        guard fields.contains(.vary) else { return fields.append(.vary, "\(name)") }
        if fields.lists(.vary, "*") || fields.lists(.vary, name) { return }
        fields.set(.vary, (fields.values(of: .vary) + ["\(name)"]).joined(separator: ", "))
    }
}

/// A guess, without the list of public suffixes, whether an origin belongs to the site of a host.
///
/// Errs towards another site: the hosts must be equal or share a parent of two labels, of three where the second is one under
/// which countries register names (`co.uk`).
enum SameSite {
    static func holds(origin: String, host: String) -> Bool {
        guard let colon = origin.firstIndex(of: ":"), origin[colon...].hasPrefix("://") else { return false }
        let one = labels(origin[colon...].dropFirst(3))
        let two = labels(host[...])
        guard one != two else { return !one.isEmpty }
        guard let last = one.last, last.first?.isLetter == true else { return false }
        let shared = zip(one.reversed(), two.reversed()).prefix { $0 == $1 }.count
        let isCountry = last.count == 2 && one.count > 1 && ["co", "com", "org", "net", "ac", "gov", "edu"].contains(one[one.count - 2])
        return shared >= (isCountry ? 3 : 2)
    }

    private static func labels(_ host: Substring) -> [Substring] {
        let name = host.hasPrefix("[") ? host : host.prefix { $0 != ":" }
        return name.split(separator: ".")
    }
}
