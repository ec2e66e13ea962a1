import GatehouseConfiguration
import GatehouseCore
import Testing

@Suite struct ConfigurationLoaderTests {
    @Test func `three lines are a whole file`() throws {
        let loaded = try load("services:\n  - upstream: http://127.0.0.1:3000\n")
        let service = try #require(loaded.configuration.services.first)
        #expect(service.name == "127.0.0.1:3000")
        #expect(service.upstreams.map(\.url) == [UpstreamURL(scheme: .http, endpoint: Endpoint(host: "127.0.0.1", port: 3000))])
        #expect(loaded.configuration.listeners.map(\.address) == [Endpoint(host: "127.0.0.1", port: 8080)])
        #expect(service.guards == Guards())
        #expect(loaded.configuration.data == FilePath("./data"))
        #expect(loaded.unsafeChoices.isEmpty && loaded.warnings.isEmpty)
    }

    @Test func `the example with everything reads`() throws {
        let loaded = try load(
            ConfigurationExamples.everything, files: ConfigurationExamples.files, variables: ["DATABASE": "p w"])
        let configuration = loaded.configuration
        #expect(configuration.listeners.count == 3)
        #expect(configuration.listeners[0].tls?.certificates.first?.hosts == [try #require(HostPattern("*.example.com"))])
        #expect(configuration.listeners[0].tls?.minimumVersion == .v1_3)
        #expect(configuration.listeners[1].redirectsToHTTPS)
        #expect(configuration.listeners[2].proxyProtocol.use == .require)
        let shop = configuration.services[0]
        #expect(shop.upstreams.map(\.weight) == [3, 1])
        #expect(shop.upstreams[1].url.scheme == .h2)
        #expect(shop.balance == .hash(.cookie("session")))
        #expect(shop.health.passive.failures == 3)
        #expect(shop.retries.on == [.connectFailure, .unavailable])
        #expect(shop.tls.serverName == "shop.internal")
        #expect(shop.stripPrefix?.description == "/shop")
        #expect(configuration.events.file?.maxBytes == .mebibytes(50))
        #expect(configuration.events.syslog?.address == Endpoint(host: "logs", port: 514))
        #expect(configuration.store.address == "postgres://x?password=p%20w")
        #expect(configuration.rootKey == .passphrase(FilePath("/run/secrets/root")))
        #expect(configuration.auditFolder == "/var/lib/audit")
        #expect(configuration.guards.addresses.allDenied.map(\.description) == ["192.0.2.0/24", "198.51.100.0/24", "2001:db8::/32"])
        #expect(configuration.services[1].balance == .leastRequests)
        #expect(configuration.admin.listen == nil)
        #expect(configuration.limits.request.bodyBytes == .mebibytes(5))
        #expect(configuration.limits.connections == 500)
        #expect(loaded.files.map(\.path).contains("./lists/deny.txt"))
    }

    @Test func `guards are merged downwards, key by key`() throws {
        let loaded = try load(
            """
            guards:
              headers: {mode: report, hsts: {max_age: 90d}}
              rate_limits: [{name: default, rate: 10/1s}, {name: burst, rate: 5/1s, key: client}]
            services:
              - upstream: http://127.0.0.1:3000
                guards:
                  headers: {csp: "default-src 'self'"}
                  rate_limits: {limits: [{name: burst, rate: 50/1s}]}
                routes:
                  - path: /admin
                    guards: {headers: enforce, cors: {origins: https://admin.example.com}}
                  - path: /open
                    guards: {rate_limits: off}
            """)
        let service = loaded.configuration.services[0]
        #expect(loaded.configuration.guards.headers.csp == .preset)
        #expect(service.guards.headers.mode == .report)
        #expect(service.guards.headers.csp == .text("default-src 'self'"))
        #expect(service.guards.rateLimits.limits.map(\.rate?.description) == ["10/1s", "50/1s"])
        #expect(service.guards.rateLimits.limits[1].key == [.clientNetwork])
        #expect(service.routes[0].guards.headers.mode == .enforce)
        #expect(service.routes[0].guards.headers.csp == .text("default-src 'self'"))
        #expect(service.routes[0].guards.headers.hsts.maxAge == .seconds(90 * 86_400))
        #expect(service.routes[0].guards.cors.origins == [.exact("https://admin.example.com")])
        #expect(service.routes[1].guards.rateLimits.mode == .off)
        #expect(service.routes[1].guards.cors.origins.isEmpty)
    }

    @Test func `limits and timeouts are merged downwards`() throws {
        let loaded = try load(
            """
            services:
              - upstream: http://127.0.0.1:3000
                limits: {body_bytes: 1MiB}
                routes:
                  - {path: /upload, limits: {body_bytes: 100MiB}, timeouts: {response_head: 5m}}
                  - {path: /small, limits: {uri_bytes: 1KiB}}
            limits: {body_bytes: 2MiB, header_count: 50}
            timeouts: {response_head: 20s}
            """)
        let service = loaded.configuration.services[0]
        #expect(service.limits.bodyBytes == .mebibytes(1))
        #expect(service.limits.headerCount == 50)
        #expect(service.timeouts.responseHead == .seconds(20))
        #expect(service.routes[0].limits.bodyBytes == .mebibytes(100))
        #expect(service.routes[0].timeouts.responseHead == .seconds(300))
        #expect(service.routes[1].limits.bodyBytes == .mebibytes(1))
        #expect(service.routes[1].limits.uriBytes == .kibibytes(1))
    }

    @Test func `two files that mean the same are equal`() throws {
        let short = try load("services: [{upstream: 'http://127.0.0.1:3000'}]").configuration
        let long = try load(
            """
            # the same, spelled out
            listen: 127.0.0.1:8080
            services:
              - name: 127.0.0.1:3000
                upstreams: [{url: http://127.0.0.1:3000/, weight: 1}]
                guards: {errors: {mask_5xx: true}}
            """
        ).configuration
        #expect(short == long)
        #expect(short != (try load("services: [{upstream: 'http://127.0.0.1:3001'}]").configuration))
    }

    @Test func `anchors and aliases stand for what they name`() throws {
        let loaded = try load(
            """
            services:
              - {hosts: a.test, upstream: http://127.0.0.1:1, timeouts: &slow {response_head: 5m}}
              - {hosts: b.test, upstream: http://127.0.0.1:2, timeouts: *slow}
            """)
        #expect(loaded.configuration.services[1].timeouts.responseHead == .seconds(300))
    }

    @Test func `a file that changes makes the configuration stale`() throws {
        let text = "services: [{upstream: 'http://127.0.0.1:3000'}]\nguards: {addresses: {deny_files: deny.txt}}"
        let before = ConfigurationEnvironment.memory(files: ["gatehouse.yaml": text, "./deny.txt": "10.0.0.0/8"])
        let loaded = try ConfigurationLoader(file: "gatehouse.yaml", environment: before).load()
        #expect(!loaded.isStale(in: before))
        #expect(loaded.isStale(in: .memory(files: ["gatehouse.yaml": text, "./deny.txt": "10.0.0.0/8\n11.0.0.0/8"])))
        #expect(loaded.isStale(in: .memory(files: ["gatehouse.yaml": text])))
    }

    @Test func `a secret is read from where it is kept and never shown`() throws {
        let loaded = try load(
            "services: [{upstream: 'http://127.0.0.1:3000'}]\nstore: {postgres: 'file:/run/db'}",
            files: ["/run/db": "postgres://u:hunter2@db\n"])
        #expect(loaded.configuration.store.postgres?.address.reveal() == "postgres://u:hunter2@db")
        #expect(!"\(loaded.configuration)".contains("hunter2"))
    }

    @Test func `every unsafe choice works and is listed with its place and reason`() throws {
        let loaded = try load(
            """
            listen: 0.0.0.0:80
            admin: {listen: 0.0.0.0:9901}
            trusted_proxies: [0.0.0.0/0]
            services:
              - upstream: http://backend:3000
                tls: {verify: false}
                guards:
                  errors: {mask_5xx: false}
                  headers: {csp: "script-src 'unsafe-inline'", hsts: off}
                  protocol: off
                  rate_limits: []
            """)
        #expect(
            loaded.unsafeChoices.map { "\($0.place.span.line) \($0.path)" } == [
                "1 listen", "3 trusted_proxies", "5 services[0].upstream", "6 services[0].tls.verify", "10 services[0].guards.protocol",
                "11 services[0].guards.rate_limits", "8 services[0].guards.errors.mask_5xx", "9 services[0].guards.headers.csp",
                "9 services[0].guards.headers.hsts", "2 admin.listen",
            ])
        #expect(loaded.warnings.map(\.message) == ["`tls` has no effect: no upstream is `https` or `h2`"])
    }
}
