public import GatehouseCore

/// Where facts about principals and resources come from, beside the caller's identity and the request.
public struct EntitySources: Sendable, Equatable {
    /// A file of entities in Cedar's JSON form.
    public var file: FilePath?
    /// Services that are asked for single entities.
    public var http: [EntityService] = []

    /// No facts.
    public init() {}
}

extension EntitySources: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "entity sources" }
    /// What it is for.
    public static var about: String { "Where facts about principals and resources come from, beside identities and requests." }
    /// The file alone.
    public static var shortForm: ValueForm? { FilePath.form }

    /// Its keys.
    public static var keys: [ConfigurationKey<EntitySources>] {
        [
            ConfigurationKey("file", \.file.existing, "A file of entities in Cedar's JSON form. Watched.", defaultText: "none"),
            ConfigurationKey("http", \.http, "Services that are asked for single entities.", defaultText: "none"),
        ]
    }

    /// Takes the file alone.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard let file = ExistingFile.read(node, over: nil, with: &reader) else { return false }
        self.file = file.file
        return true
    }
}

/// A service that tells facts about single entities over HTTP.
public struct EntityService: Sendable, Equatable {
    /// The address, with `{id}` and perhaps `{type}` in braces.
    public var url = ""
    /// The types that it is asked for.
    public var types: [String] = []
    /// Attributes by name, each with the JSON Pointer of its value in the answer; empty: the answer is a list of Cedar entities.
    public var attributes = NamedTexts()
    /// The token that it gets as bearer; nil for none.
    public var token: Secret?
    /// Certificate authorities of the service; nil: those of the system.
    public var caFile: FilePath?
    /// How long it may take; default 500 ms.
    public var timeout = Duration.milliseconds(500)
    /// How long an answer is used again; default 30 s.
    public var cache = Duration.seconds(30)
    /// How many answers are kept; default 10 000.
    public var cacheEntries = 10_000

    /// No service yet.
    public init() {}
}

extension EntityService: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "entity service" }
    /// What it is for.
    public static var about: String {
        "A service that tells facts about single entities. A request that needs one is refused with 503 where the service does not answer."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<EntityService>] {
        [
            ConfigurationKey("url", \.url, "The address, with `{id}` and perhaps `{type}` in braces.", isRequired: true),
            ConfigurationKey("types", \.types, "The entity types that it is asked for.", isRequired: true),
            ConfigurationKey(
                "attributes", \.attributes, "Attributes by name, each with the JSON Pointer of its value in the answer.",
                defaultText: "none: the answer is a list of Cedar entities"),
            ConfigurationKey("token", \.token, "The token that it gets as bearer.", defaultText: "none"),
            ConfigurationKey("ca_file", \.caFile.existing, "Its certificate authorities.", defaultText: "those of the system"),
            ConfigurationKey("timeout", \.timeout, in: .milliseconds(10)...(.seconds(30)), "How long it may take."),
            ConfigurationKey("cache", \.cache, in: .zero...(.seconds(86_400)), "How long an answer is used again."),
            ConfigurationKey("cache_entries", \.cacheEntries, in: 1...10_000_000, "How many answers are kept."),
        ]
    }

    /// Checks the address.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        checkURL(url, at: node["url"] ?? node, with: &reader)
        if !url.contains("{id}") { reader.error("the address has no `{id}`", at: node["url"] ?? node) }
    }
}

/// A remote decision point.
public struct RemoteDecisionPoint: Sendable, Equatable {
    /// The address of its evaluation endpoint, or of its root.
    public var url = ""
    /// The token that it gets as bearer; nil for none.
    public var token: Secret?
    /// Its certificate authorities; nil: those of the system.
    public var caFile: FilePath?
    /// How long it may take; default 500 ms.
    public var timeout = Duration.milliseconds(500)
    /// How long an answer is used again for the very same question; default 0, not at all.
    public var cache = Duration.zero
    /// How many answers are kept; default 10 000.
    public var cacheEntries = 10_000

    /// No address yet.
    public init() {}
}

extension RemoteDecisionPoint: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "remote decision point" }
    /// What it is for.
    public static var about: String {
        "A decision point that speaks AuthZEN 1.0. Where it does not answer in time, or not with a decision, the request is refused."
    }
    /// The address alone.
    public static var shortForm: ValueForm? { String.form }

    /// Its keys.
    public static var keys: [ConfigurationKey<RemoteDecisionPoint>] {
        [
            ConfigurationKey(
                "url", \.url, "Its address; without a path, `/access/v1/evaluation` is asked.", isRequired: true,
                risk: Risk("`http:` to another machine", because: "decisions and who asks for what travel in clear text") {
                    $0.hasPrefix("http:") && !isLoopback($0)
                }),
            ConfigurationKey("token", \.token, "The token that it gets as bearer.", defaultText: "none"),
            ConfigurationKey("ca_file", \.caFile.existing, "Its certificate authorities.", defaultText: "those of the system"),
            ConfigurationKey("timeout", \.timeout, in: .milliseconds(10)...(.seconds(30)), "How long it may take."),
            ConfigurationKey(
                "cache", \.cache, in: .zero...(.seconds(3600)),
                "How long an answer is used again for the very same question: everything that was asked is part of the key."),
            ConfigurationKey("cache_entries", \.cacheEntries, in: 1...10_000_000, "How many answers are kept."),
        ]
    }

    /// Takes the address alone.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard let text = String.read(node, over: nil, with: &reader) else { return false }
        url = text
        if text.hasPrefix("http:"), !isLoopback(text) {
            reader.unsafe(text, because: "decisions and who asks for what travel in clear text", at: node)
        }
        return true
    }

    /// Checks the address.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        checkURL(url, at: node["url"] ?? node, with: &reader)
    }
}

/// Where decisions are written.
public struct DecisionLogFile: Sendable, Equatable {
    /// What becomes of a decision for which there is no room to be written.
    public enum Overflow: String, Sendable, CaseIterable {
        /// It holds, and is counted; the count is written as soon as there is room.
        case count
        /// The request is refused with 503.
        case deny
    }

    /// The file; older ones get `.1`, `.2` …
    public var path = FilePath("")
    /// The size at which a new one is begun; default 100 MiB.
    public var maxBytes = ByteCount.mebibytes(100)
    /// How many older files are kept; default 10.
    public var keep = 10
    /// Most decisions that wait to be written; default 65 536.
    public var queue = 65_536
    /// What becomes of more; default `count`.
    public var overflow = Overflow.count

    /// No path yet.
    public init() {}
}

extension DecisionLogFile: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "decision log" }
    /// What it is for.
    public static var about: String { "A file of all decisions, one JSON object a line, as `gatehouse policy replay` reads them." }
    /// The path alone.
    public static var shortForm: ValueForm? { FilePath.form }

    /// Its keys.
    public static var keys: [ConfigurationKey<DecisionLogFile>] {
        [
            ConfigurationKey("path", \.path, "The file.", isRequired: true),
            ConfigurationKey("max_bytes", \.maxBytes, in: 4096...ByteCount(1 << 40), "The size at which a new one is begun."),
            ConfigurationKey("keep", \.keep, in: 0...1000, "How many older files are kept."),
            ConfigurationKey("queue", \.queue, in: 16...10_000_000, "Most decisions that wait to be written."),
            ConfigurationKey(
                "overflow", \.overflow, "What becomes of more: they are counted, and the count is written, or their requests are refused."),
        ]
    }

    /// Takes the path alone.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard let path = FilePath.read(node, over: nil, with: &reader) else { return false }
        self.path = path
        return true
    }
}

extension DecisionLogFile.Overflow: ConfigurationChoice {}

private func checkURL(_ url: String, at node: YAMLNode, with reader: inout ConfigurationReader) {
    let filled = url.replacing("{id}", with: "x").replacing("{type}", with: "x")
    if HTTPAddress(filled) == nil {
        reader.error("`\(url.clipped)` is not an address", at: node, help: ["such as `https://pdp.example.com`"])
    }
}

private func isLoopback(_ url: String) -> Bool {
    guard let host = HTTPAddress(url)?.host else { return false }
    return host == "localhost" || IPAddress(text: host)?.isLoopback == true
}
