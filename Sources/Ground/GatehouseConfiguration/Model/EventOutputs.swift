public import GatehouseCore

/// A file of events that rotates by size.
public struct EventFile: Sendable, Equatable {
    /// The file; older ones get `.1`, `.2` …
    public var path = FilePath("")
    /// The size at which a new one is begun; default 100 MiB.
    public var maxBytes = ByteCount.mebibytes(100)
    /// How many older files are kept; default 10.
    public var keep = 10

    /// No path yet.
    public init() {}
}

extension EventFile: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "event file" }
    /// What it is for.
    public static var about: String { "A file of events; older ones are named `.1`, `.2` and so on." }
    /// The path alone.
    public static var shortForm: ValueForm? { FilePath.form }

    /// Its keys.
    public static var keys: [ConfigurationKey<EventFile>] {
        [
            ConfigurationKey("path", \.path, "The file.", isRequired: true),
            ConfigurationKey("max_bytes", \.maxBytes, in: 4096...ByteCount(1 << 40), "The size at which a new one is begun."),
            ConfigurationKey("keep", \.keep, in: 0...1000, "How many older files are kept."),
        ]
    }

    /// Takes the path alone.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard let path = FilePath.read(node, over: nil, with: &reader) else { return false }
        self.path = path
        return true
    }
}

/// A syslog server.
public struct Syslog: Sendable, Equatable {
    /// How messages travel.
    public enum Transport: String, Sendable, CaseIterable {
        /// A datagram each (RFC 5426).
        case udp
        /// Octet-counted on a stream (RFC 6587).
        case tcp
    }

    /// The server; port 514.
    public var address = Endpoint(host: "127.0.0.1", port: 514)
    /// How messages travel; default UDP.
    public var transport = Transport.udp
    /// The facility number of RFC 5424; default 16 (local0).
    public var facility = 16

    /// The local server.
    public init() {}
}

extension Syslog: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "syslog" }
    /// What it is for.
    public static var about: String { "A syslog server (RFC 5424)." }
    /// The address alone.
    public static var shortForm: ValueForm? { Endpoint.form }

    /// Its keys.
    public static var keys: [ConfigurationKey<Syslog>] {
        [
            ConfigurationKey("address", \.address, "The server.", isRequired: true),
            ConfigurationKey(
                "transport", \.transport, "How messages travel: a datagram each (RFC 5426), or counted on a stream (RFC 6587)."),
            ConfigurationKey("facility", \.facility, in: 0...23, "The facility number; 16 is local0."),
        ]
    }

    /// Takes the address alone.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        guard let address = Endpoint.read(node, over: nil, with: &reader) else { return false }
        self.address = address
        return true
    }
}

extension Syslog.Transport: ConfigurationChoice {}
