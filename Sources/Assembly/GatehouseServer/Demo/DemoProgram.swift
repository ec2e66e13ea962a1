internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore

/// `gatehouse demo`: the careless shop on a loopback port, and Gatehouse in front of it.
public struct DemoProgram: Sendable {
    private let port: Int
    private let shopPort: Int

    /// A demo on loopback ports; the shop takes any free one when its port is 0.
    public init(port: Int, shopPort: Int) {
        self.port = port
        self.shopPort = shopPort
    }

    /// Runs until SIGTERM or Ctrl-C.
    ///
    /// - Returns: the exit code: 0 after a stop, 1 when the start failed.
    public func run() async -> Int32 {
        let signals = SignalStream([SIGTERM, SIGINT])
        let shop = DemoShop()
        let backend = LocalHTTPServer(Endpoint(host: "127.0.0.1", port: shopPort))
        do {
            try await backend.start { await shop.answer($0) }
            let server = try await HouseServer(try configuration(backend.port), workers: 2)
            try await server.start()
            print(DemoGuide.text(port: port, shopPort: backend.port, eventFile: eventFile))
            for await _ in signals.signals { break }
            print("\nstopping: running requests end first")
            await server.stop()
            await backend.stop()
            return 0
        } catch {
            FileHandle.standardError.write(Data("gatehouse: cannot start the demo: \(error)\n".utf8))
            await backend.stop()
            return 1
        }
    }

    var folder = NSTemporaryDirectory() + "gatehouse-demo"
    private var eventFile: String { folder + "/events.jsonl" }

    /// The configuration of the demo, written as a user would write it.
    func configuration(_ shopPort: Int) throws -> Configuration {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let document = folder + "/openapi.json"
        try DemoPolicies.write(to: folder)
        try Data(DemoDocument.openAPI.utf8).write(to: URL(fileURLWithPath: document))
        let text = """
            listeners:
              - address: 127.0.0.1:\(port)
            services:
              - name: shop
                upstream: http://127.0.0.1:\(shopPort)
                openapi: \(document)
                timeouts:
                  response_head: 2s
                routes:
                  - {path: =/, openapi: report}
                  - {path: =/openapi.json, openapi: report}
                  - {path: =/crash, openapi: report}
                  - {path: =/slow, openapi: report}
            \(DemoPolicies.section(folder))
            guards:
              waf: enforce
            events:
              stdout: false
              file:
                path: \(eventFile)
            data: \(folder)/data
            """
        return try ConfigurationLoader(file: folder + "/gatehouse.yaml").load(Array(text.utf8)).configuration
    }
}

/// What the demo prints: where to look and what to try.
enum DemoGuide {
    static func text(port: Int, shopPort: Int, eventFile: String) -> String {
        """

        Gatehouse stands in front of a small, deliberately careless shop.

          through Gatehouse   http://127.0.0.1:\(port)/
          the bare shop       http://127.0.0.1:\(shopPort)/
          metrics             http://127.0.0.1:9901/metrics
          events              \(eventFile)

        Try, in another terminal:

          curl -i http://127.0.0.1:\(port)/items                     a request that passes: look at its headers
          curl -i http://127.0.0.1:\(shopPort)/crash                     what the shop tells strangers when it breaks …
          curl -i http://127.0.0.1:\(port)/crash                     … and what is left of it outside: an incident id
          curl -i "http://127.0.0.1:\(port)/search?q=';--"             a request that the shop's OpenAPI document does not allow
          curl -i --path-as-is http://127.0.0.1:\(port)/x/..%2fadmin  an attack that is refused
          curl -i "http://127.0.0.1:\(port)/?q=%27+or+1=1--+"        another: SQL injection, found by the Core Rule Set
          gatehouse waf explain INCIDENT-ID --events \(eventFile)    … and why it was refused
          curl -i http://127.0.0.1:\(port)/orders/17                 an order of somebody: who are you?
          curl -i -H 'X-Api-Key: alice-demo-key-17' http://127.0.0.1:\(port)/orders/17   … of Alice's; /orders/18 is not
          curl -i -H 'X-Api-Key: alice-demo-key-17' http://127.0.0.1:\(port)/users/alice a profile without what nobody may see
          curl -i http://127.0.0.1:\(port)/slow                      a backend that is too slow for its limit
          gatehouse openapi traffic                          what is used beside the document, and what never is
          grep INCIDENT-ID \(eventFile)        the same incident from inside

        Ctrl-C ends it.
        """
    }
}
