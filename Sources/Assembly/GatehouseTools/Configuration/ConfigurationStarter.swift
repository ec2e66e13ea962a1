internal import Foundation
internal import GatehouseConfiguration

/// `gatehouse init`: writes a commented `gatehouse.yaml` to start from.
public struct ConfigurationStarter: Sendable {
    /// The backend's URL.
    public var upstream: String
    /// Where to listen.
    public var listen = "127.0.0.1:8080"
    /// The file to write.
    public var file = "gatehouse.yaml"
    /// Replaces a file that is there.
    public var overwrites = false

    /// A file for one backend.
    public init(upstream: String) { self.upstream = upstream }

    /// Writes the file.
    ///
    /// - Parameter write: puts a text into a file; says false where one is there that must not be replaced.
    /// - Returns: status 0; 1 where the URL or address is none, the file is there, or it cannot be written.
    public func run(write: (_ file: String, _ text: String, _ overwrites: Bool) throws -> Bool = writeFile) -> ToolResult {
        do {
            _ = try ConfigurationLoader(file: file, environment: .memory(files: [:])).load(Array(text.utf8))
        } catch {
            let reasons = error.diagnostics.map { "error: \($0.message)\n" + $0.help.map { "  help: \($0)\n" }.joined() }
            return ToolResult(complaint: reasons.joined(), status: 1)
        }
        do {
            guard try write(file, text, overwrites) else {
                return ToolResult(complaint: "error: `\(file)` is there already\n  help: `--force` replaces it\n", status: 1)
            }
        } catch {
            return ToolResult(complaint: "error: `\(file)` cannot be written: \(error.localizedDescription)\n", status: 1)
        }
        return ToolResult(
            output: """
                wrote \(file); next:

                gatehouse check --config \(file)
                  validates it and lists what is unsafe in it
                gatehouse check --config \(file) --url http://\(listen)/
                  prints what holds for one URL
                gatehouse run --config \(file)
                  starts

                """)
    }

    /// Writes a text into a file, readable by all, as one step; false where one is there that must not be replaced.
    ///
    /// - Throws: what Foundation says about a file that cannot be written.
    public static func writeFile(_ file: String, _ text: String, _ overwrites: Bool) throws -> Bool {
        if !overwrites, FileManager.default.fileExists(atPath: file) { return false }
        try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: overwrites ? .atomic : .withoutOverwriting)
        return true
    }

    /// The text of the file.
    public var text: String {
        """
        # Gatehouse. `gatehouse check` validates this file, lists every unsafe choice, and with `--url` prints what holds for a URL.
        # All keys: docs/configuration.md, or `gatehouse config schema` for your editor.

        # The address to listen on. For TLS and several ports use `listeners` instead:
        #   listeners:
        #     - {address: ":80", redirect_to_https: true}
        #     - address: ":443"
        #       tls: {certificates: [{certificate: tls/site.pem, key: tls/site.key}]}
        listen: \(Self.quoted(listen))

        services:
          - upstream: \(Self.quoted(upstream))
            # Several backends:
            #   upstreams: [{url: http://10.0.0.1:3000, weight: 2}, http://10.0.0.2:3000]
            #   balance: least_requests
            #   health: {path: /healthz}

            # Which hosts and paths go here; without these lines, all:
            #   hosts: [shop.example.com, "*.shop.example.com"]
            #   paths: [/api]

            # Parts of the service with settings of their own:
            #   routes:
            #     - path: /api/login
            #       methods: [POST]
            #       guards:
            #         rate_limits: [{name: logins, key: client_network, rate: 10/1m, burst: 5}]
            #     - path: /api/upload
            #       limits: {body_bytes: 100MiB}

        # Every guard that needs no knowledge of the service is on. Each is `enforce`, `report` (decides and records, never refuses) or
        # `off`, here, per service or per route.
        guards:
          # The web application firewall: the OWASP Core Rule Set of the package modsecurity-crs. `report` first shows what it would refuse.
          waf: enforce
        #     addresses: {deny: [192.0.2.0/24], deny_files: [blocklist.txt]}
        #     cors: {origins: ["https://app.example.com"], credentials: true}
        #     headers: {csp: "default-src 'self'"}

        # Peers whose X-Forwarded-For is believed, such as a load balancer in front:
        #   trusted_proxies: [10.0.0.0/8]

        # Events, one JSON line each, go to standard output; also to a file that rotates:
        #   events: {file: {path: /var/log/gatehouse/events.json, max_bytes: 100MiB, keep: 10}}

        """
    }

    /// A word as YAML keeps it whatever it holds.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { $0.isPlain } && !word.hasPrefix("[") && !word.hasPrefix(":") && !word.hasSuffix(":")
        return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "''").filter { !$0.isNewline } + "'"
    }
}

extension UInt8 {
    fileprivate var isPlain: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "["),
            UInt8(ascii: "]"):
            true
        default: false
        }
    }
}
