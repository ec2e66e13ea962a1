public import GatehouseCore

/// Everything one `gatehouse.yaml` says, checked, with each default filled in and each guard merged downwards.
///
/// A value: two are equal when they mean the same, so that a reload of an unchanged file does nothing.
public struct Configuration: Sendable, Equatable {
    /// Where connections are accepted; never empty.
    public var listeners: [Listener] = [Listener()]
    /// The backends, in the order of the file; never empty in a loaded file.
    public var services: [Service] = []
    /// The guards as set at the top; each service and route holds its own merged copy, which is the one to obey.
    public var guards = Guards()
    /// Limits of the whole program; `services` hold their merged `RouteLimits`.
    public var limits = Limits()
    /// Time limits of each phase; `services` hold their merged `RouteTimeouts`.
    public var timeouts = Timeouts()
    /// Peers whose `Forwarded` and `X-Forwarded-*` fields are believed.
    public var trustedProxies: [CIDRBlock] = []
    /// The operator's own port.
    public var admin = Admin()
    /// Where events go and what is kept out of them.
    public var events = Events()
    /// The folder of everything the program keeps: the embedded store, the root key, the audit log, development certificates.
    public var data = FilePath("data")
    /// The SQL store.
    public var store = Store()
    /// The keys that seal what is stored.
    public var keys = Keys()
    /// The audit log.
    public var audit = Audit()

    /// The folder of the audit log.
    public var auditFolder: String { audit.folder?.path ?? data.path + "/audit" }
    /// Where the root key comes from, the default filled in.
    public var rootKey: RootKey { keys.root ?? .file(FilePath(data.path + "/root.key")) }

    /// The OpenID provider; nil: none.
    public var identity: Identity?

    /// The defaults, without a service.
    public init() {}
}

extension Configuration: ConfigurationSection {
    /// `gatehouse.yaml`.
    public static var title: String { "gatehouse.yaml" }
    /// What the file is.
    public static var about: String { "The whole file. Only `services` is required; a file of three lines has every guard on." }

    /// The keys at the top; what services inherit is read before them.
    public static var keys: [ConfigurationKey<Configuration>] {
        [
            ConfigurationKey(
                "listen", "The address of the one listener, in clear text: the short form of `listeners`.", form: Endpoint.form,
                defaultText: "127.0.0.1:8080", risk: Listener.clearTextRisk.sentence
            ) { node, configuration, reader in
                guard let endpoint = Endpoint.read(node, over: nil, with: &reader) else { return }
                configuration.listeners[0].address = endpoint
                if let why = Listener.clearTextRisk.reason(endpoint) { reader.unsafe("\(endpoint)", because: why, at: node) }
            },
            ConfigurationKey(
                "listeners", \.listeners, "Where connections are accepted.", defaultText: "one at `listen`"),
            ConfigurationKey(
                "trusted_proxies", \.trustedProxies,
                "Peers whose `Forwarded` and `X-Forwarded-*` fields are believed; from all others they are dropped.",
                risk: Risk("a network of more than 2^24 addresses", because: "too many peers may say where a request comes from") {
                    blocks in
                    blocks.contains { $0.address.family.bitWidth - $0.prefixLength > ($0.address.family == .v4 ? 24 : 96) }
                }),
            ConfigurationKey("guards", \.guards, "What every guard does, unless a service or route says otherwise.", defaultText: ""),
            ConfigurationKey("limits", \.limits, "Limits of the program and of each request.", defaultText: ""),
            ConfigurationKey("timeouts", \.timeouts, "Time limits of each phase.", defaultText: ""),
            ConfigurationKey(
                "services", "The backends.", form: [Service].form, isRequired: true, rows: { $0.services.rows(at: $1) }
            ) { node, configuration, reader in
                reader.inherited = ConfigurationReader.Inherited(
                    guards: configuration.guards, limits: configuration.limits.request, timeouts: configuration.timeouts.request)
                configuration.services = [Service].read(node, over: nil, with: &reader) ?? []
            },
            ConfigurationKey("admin", \.admin, "The operator's own port: health, readiness, metrics.", defaultText: ""),
            ConfigurationKey("events", \.events, "Where events go and what is kept out of them.", defaultText: ""),
            ConfigurationKey(
                "data", \.data,
                "The folder of everything the program keeps: the embedded store, the root key, the audit log, development certificates.",
                defaultText: "data"),
            ConfigurationKey("store", \.store, "The SQL store; embedded unless it says otherwise.", defaultText: "sqlite"),
            ConfigurationKey("keys", \.keys, "The keys that seal what is stored.", defaultText: ""),
            ConfigurationKey("audit", \.audit, "The audit log: security events that nobody can edit quietly.", defaultText: "on"),
            ConfigurationKey("identity", \.identity, "The OpenID provider inside."),
        ]
    }

    /// Makes the data folder stand beside the file.
    public static func start(with reader: ConfigurationReader) -> Configuration {
        var configuration = Configuration()
        configuration.data = FilePath(reader.absolute(configuration.data.path))
        return configuration
    }

    /// Checks what listeners and services must have in common.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if let listeners = node["listeners"], node["listen"] != nil {
            reader.error("`listen` and `listeners` exclude each other", at: listeners, help: ["put the address of `listen` into the list"])
        }
        checkListeners(node["listeners"] ?? node, with: &reader)
        checkServices(node["services"] ?? node, with: &reader)
        checkIdentity(node, with: &reader)
    }

    /// The provider's service needs the section. Its authorization and logout endpoints are open to posts of other sites, as OpenID Connect
    /// demands: they bring no cookies along, and are asked again as a GET.
    private mutating func checkIdentity(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        for (index, service) in services.enumerated() where service.builtin == .identity {
            guard let identity else {
                reader.error("`builtin: identity` needs the section `identity`", at: node["services"]?.sequence?[index] ?? node)
                continue
            }
            let open = ["/authorize", "/logout"].compactMap { PathPrefix(identity.issuer.path + $0) }
            services[index].guards.fetchMetadata.exempt += open
            for route in services[index].routes.indices { services[index].routes[route].guards.fetchMetadata.exempt += open }
        }
    }

    private func checkListeners(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        if listeners.isEmpty { reader.error("there is no listener", at: node) }
        for (index, listener) in listeners.enumerated() {
            let place = node.sequence.map { $0[index] } ?? node
            if listeners[..<index].contains(where: { $0.address == listener.address && $0.address.port != 0 }) {
                reader.error("two listeners have the address `\(listener.address)`", at: place)
            }
            if listener.address == admin.listen { reader.error("`admin` listens on `\(listener.address)` too", at: place) }
            if listener.redirectsToHTTPS, !listeners.contains(where: { $0.tls != nil }) {
                reader.error("`redirect_to_https` needs a listener with `tls`", at: place)
            }
        }
    }

    private func checkServices(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard !services.isEmpty else { return reader.error("there is no service", at: node) }
        guard let nodes = node.sequence, nodes.count == services.count else { return }
        var names: [String: Int] = [:]
        var places: [String: Int] = [:]
        for (index, service) in services.enumerated() {
            if names.updateValue(index, forKey: service.name) != nil {
                reader.error(
                    "two services have the name `\(service.name)`", at: nodes[index]["name"] ?? nodes[index],
                    help: ["give one of them another `name`"])
            }
            for place in service.places {
                guard let first = places[place] else {
                    places[place] = index
                    continue
                }
                reader.error(
                    "the services `\(services[first].name)` and `\(service.name)` both cover \(place)", at: nodes[index],
                    help: ["tell them apart by `hosts` or `paths`"])
            }
        }
    }
}

extension Service {
    /// Every host and path prefix in words.
    fileprivate var places: [String] {
        let hosts = hosts.isEmpty ? ["every host"] : hosts.map { "`\($0)`" }
        let paths = paths.isEmpty ? ["/"] : paths.map(\.description)
        return hosts.flatMap { host in paths.map { "\(host) at `\($0)`" } }
    }
}
