public import GatehouseCore

/// The PROXY protocol (versions 1 and 2) on a listener.
public struct ProxyProtocol: Sendable, Equatable {
    /// How a preface is treated.
    public enum Use: String, Sendable, CaseIterable {
        /// A preface is a protocol error.
        case off
        /// A preface from a trusted source is read; connections without one are taken as they are.
        case accept
        /// A connection without a preface from a trusted source is closed.
        case require
    }

    /// How a preface is treated; default `off`.
    public var use = Use.off
    /// The sources whose preface is believed; must not be empty unless `off`.
    public var from: [CIDRBlock] = []

    /// Off.
    public init() {}
}

extension ProxyProtocol: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "proxy protocol" }
    /// What it is for.
    public static var about: String { "The true client's address, told by a load balancer in front of each connection." }
    /// `off`.
    public static var shortForm: ValueForm? { Use.form }

    /// Its keys.
    public static var keys: [ConfigurationKey<ProxyProtocol>] {
        [
            ConfigurationKey(
                "mode", \.use,
                "`off`: a preface is an error; `accept`: one from a trusted source is read; `require`: a connection without one is closed."),
            ConfigurationKey(
                "from", \.from, "The sources whose preface is believed.",
                risk: Risk("every address", because: "anyone may say where a connection comes from") {
                    $0.contains { $0.prefixLength == 0 }
                }),
        ]
    }

    /// Takes the mode alone, which then lacks its sources unless it is `off`.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard let mode = Use.read(node, over: nil, with: &reader) else { return false }
        use = mode
        return true
    }

    /// Checks that there are sources.
    public mutating func check(_ node: YAMLNode, with reader: inout ConfigurationReader) {
        guard use != .off, from.isEmpty else { return }
        reader.error(
            "the PROXY protocol needs the sources that may speak it", at: node,
            help: ["`proxy_protocol: {mode: \(use.rawValue), from: [10.0.0.0/8]}`"])
    }
}

extension ProxyProtocol.Use: ConfigurationChoice {}
