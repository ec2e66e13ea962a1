public import GatehouseConfiguration
internal import GatehouseCore
internal import HTTPWire
internal import NIOCore

/// Keeps what a service says about its insides inside: error bodies are replaced by a problem document, their text goes to the
/// log under the incident's id.
///
/// Refuses: every 5xx body; 4xx bodies with a leak signature, or all; 2xx and 3xx bodies with one where asked for. Signatures are
/// looked for behind gzip, deflate and brotli; a 4xx body in an unknown or broken coding is replaced, since nobody has seen it.
/// Limits: the first `bodyLimit` bytes of a body are held and looked at; four times as many come out of a coding at most; 64 KiB go to the log.
public struct ErrorGuard: Guard {
    /// The name in the configuration and in events.
    public let name = "errors"
    /// The phases that it wants.
    public let phases: GuardPhases = [.responseHead, .responseBody]

    private static let loggedBytes = 64 * 1024

    private let settings: ErrorsGuardSettings
    private let scanner: LeakScanner?
    private let ignored: Set<Int>
    private let ownSignatures: [[UInt8]]
    /// Writes the problems of the route.
    public let problems: ProblemRenderer

    /// Makes the settings of a route ready; the first one compiles the signatures, which takes about 0.1 s.
    public init(_ settings: ErrorsGuardSettings) {
        self.settings = settings
        scanner = LeakScanner.standard
        problems = ProblemRenderer(typeBase: settings.typeBase, offersHTML: settings.html)
        ignored = Set(LeakSignature.all.indices.filter { settings.ignore.contains(LeakSignature.all[$0].kind) })
        ownSignatures = settings.signatures.map { Array($0.utf8) }.filter { !$0.isEmpty }
    }

    /// Decides by the status whether the body has to be seen.
    public func responseHead(_ exchange: Exchange) -> Verdict {
        guard exchange.origin == .upstream, let treatment = treatment(of: exchange.response) else { return .pass }
        let limit = settings.bodyLimit.bytes
        let hasBody = exchange.request.method != .head && exchange.response.framing != .none && exchange.response.framing != .length(0)
        switch treatment {
        case .replace where !hasBody: return replace(exchange, text: [])
        case .inspect where !hasBody: return .pass
        default:
            exchange.needsResponseBody(BodyDemand(limit: limit, refusesLonger: false, judgesBeginning: true))
            return .pass
        }
    }

    /// Replaces the body, or looks into it.
    public func responseBody(_ exchange: Exchange) -> Verdict {
        guard exchange.origin == .upstream, let treatment = treatment(of: exchange.response) else { return .pass }
        let body = Array(exchange.responseBody.readableBytesView)
        let codings = exchange.response.fields.values(of: .contentEncoding)
        let decoded = ContentDecoder(limit: settings.bodyLimit.bytes * 4).decode(body, codings: codings)
        switch (treatment, decoded) {
        case (.replace, .whole(let text)), (.replace, .beginning(let text)): return replace(exchange, text: text)
        case (.replace, .unknown): return replace(exchange, text: [])
        case (.inspect, .unknown):
            return mask(exchange, text: [], rule: "opaque_body", reason: "body in a coding that cannot be looked into", severity: .medium)
        case (.inspect, .beginning(let text)):
            if let verdict = inspect(exchange, text) { return verdict }
            if exchange.responseBodyIsBeginning { return .pass }
            return mask(exchange, text: text, rule: "opaque_body", reason: "body whose coding is broken or too long", severity: .medium)
        case (.inspect, .whole(let text)): return inspect(exchange, text) ?? .pass
        }
    }

    // MARK: Deciding

    private enum Treatment { case replace, inspect }

    private func treatment(of response: ResponseHead) -> Treatment? {
        switch response.status {
        case 500...: settings.masks5xx ? .replace : nil
        case 400..<500:
            switch settings.masks4xx {
            case .always: .replace
            case .onLeak: isReadable(response) ? .inspect : nil
            case .never: nil
            }
        case 200..<400: settings.scansSuccess && isText(response) ? .inspect : nil
        default: nil
        }
    }

    /// False for media that hold no text.
    private func isReadable(_ response: ResponseHead) -> Bool {
        guard let index = response.fields.firstIndex(of: .contentType) else { return true }
        let type = response.fields.valueBytes(at: index)
        return !startsWith(type, "image/") && !startsWith(type, "video/") && !startsWith(type, "audio/") && !startsWith(type, "font/")
    }

    /// True for text that ends: streams of events flow on.
    private func isText(_ response: ResponseHead) -> Bool {
        guard let index = response.fields.firstIndex(of: .contentType) else { return false }
        let type = response.fields.valueBytes(at: index)
        if startsWith(type, "text/") { return !startsWith(type, "text/event-stream") }
        return startsWith(type, "application/json") || startsWith(type, "application/problem+json") || startsWith(type, "application/xml")
            || startsWith(type, "application/xhtml+xml")
    }

    private func inspect(_ exchange: Exchange, _ text: [UInt8]) -> Verdict? {
        let found = signatures(in: text)
        guard !found.isEmpty else { return nil }
        let isSecret = found.contains { name in LeakSignature.secrets.contains { $0.kind.rawValue == name } }
        return mask(
            exchange, text: text, rule: "leak", reason: "body of a \(exchange.response.status) that tells of the service's insides",
            severity: isSecret ? .critical : .high, signatures: found)
    }

    /// The names of signatures that occur in a text, as sent or as read.
    func signatures(in text: [UInt8]) -> [String] {
        let plain = LeakText.plain(text)
        var found = Set(scanner?.matches(in: text) ?? []).union(scanner?.matches(in: plain) ?? []).subtracting(ignored)
            .sorted().map { LeakSignature.all[$0].kind.rawValue }
        if scanner == nil { found.append("unscanned") }
        if ownSignatures.contains(where: { text.contains($0) || plain.contains($0) }) { found.append("configured") }
        return found
    }

    // MARK: Replacing

    private func replace(_ exchange: Exchange, text: [UInt8]) -> Verdict {
        let status = exchange.response.status
        let found = text.isEmpty ? [] : signatures(in: text)
        return mask(
            exchange, text: text, rule: status >= 500 ? "server_error" : "client_error", reason: "service answered \(status)",
            severity: status >= 500 ? .medium : .low, signatures: found)
    }

    private func mask(
        _ exchange: Exchange, text: [UInt8], rule: String, reason: String, severity: Severity, signatures: [String] = []
    ) -> Verdict {
        if settings.mode == .enforce { exchange.maskedBody = String(decoding: text.prefix(Self.loggedBytes), as: UTF8.self) }
        let status = exchange.response.status
        var evidence = [("upstream_status", String(status))]
        if !signatures.isEmpty { evidence.append(("signatures", signatures.joined(separator: " "))) }
        return .refuse(
            Refusal(
                Problem(status: status >= 400 ? status : 502), rule: rule, reason: reason, severity: severity,
                fields: KeptFields.of(exchange.response), evidence: evidence))
    }
}

/// Fields of a backend's error that the caller needs: they survive the replacing of the body.
enum KeptFields {
    private static let names = FieldNameSet([
        "retry-after", "www-authenticate", "proxy-authenticate", "authentication-info", "allow", "accept-patch", "accept-post",
        "accept-ranges",
        "content-range", "set-cookie", "location", "ratelimit", "ratelimit-policy", "x-ratelimit-limit", "x-ratelimit-remaining",
        "x-ratelimit-reset", "access-control-allow-origin", "access-control-allow-credentials", "access-control-expose-headers",
        "access-control-allow-methods", "access-control-allow-headers", "access-control-max-age", "x-request-id", "traceparent",
        "dpop-nonce", "vary", "clear-site-data", "deprecation", "sunset",
    ])

    /// The lines that survive, in order.
    static func of(_ response: ResponseHead) -> [(name: String, value: String)] {
        (0..<response.fields.count).compactMap { index in
            let isKept =
                response.fields.known(at: index).map { names.known.contains($0) }
                ?? names.containsOther(response.fields.nameBytes(at: index))
            return isKept ? (response.fields.name(at: index), response.fields.value(at: index)) : nil
        }
    }
}

extension [UInt8] {
    /// True when another array occurs in this one.
    fileprivate func contains(_ other: [UInt8]) -> Bool {
        guard let first = other.first, other.count <= count else { return false }
        var start = 0
        while let index = self[start...(count - other.count)].firstIndex(of: first) {
            if self[index..<(index + other.count)].elementsEqual(other) { return true }
            start = index + 1
            guard start <= count - other.count else { return false }
        }
        return false
    }
}
