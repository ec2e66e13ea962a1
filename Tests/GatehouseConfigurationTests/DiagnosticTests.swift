import GatehouseConfiguration
import Testing

@Suite struct DiagnosticTests {
    @Test func `an unknown key is shown with its line, a caret, its path and the nearest key`() {
        #expect(
            failure("services:\n  - upstreem: http://127.0.0.1:3000\n")?.report == """
                error: unknown key `upstreem`
                  --> gatehouse.yaml:2:5
                   |
                 2 |   - upstreem: http://127.0.0.1:3000
                   |     ^^^^^^^^
                  at: services[0].upstreem
                  help: did you mean `upstream`?

                1 error

                """)
    }

    @Test func `all errors are shown at once, in the order of the file`() {
        let found = failure(
            """
            lissten: 127.0.0.1:80
            services:
              - upstream: ftp://127.0.0.1
                balance: round_robbin
                timeouts: {connect: 5 minutes}
            limits:
              connections: many
              body_bytes: -1
            trusted_proxies: [10.1.2.3/8, x]
            """)
        #expect(
            found?.diagnostics.map { "\($0.place.span.line):\($0.place.span.column) \($0.message)" } == [
                "1:1 unknown key `lissten`", "3:15 `ftp://127.0.0.1` is not an upstream URL",
                "4:14 `round_robbin` is not one of `round_robin`, `least_requests`", "5:25 `5 minutes` is not a duration",
                "7:16 `many` is not a whole number", "8:15 `-1` is not a byte count", "9:19 `10.1.2.3/8` is not a network",
                "9:31 `x` is not a network",
            ])
    }

    @Test(arguments: [
        ("a: 1\na: 2\nservices: []", "2:1 the key `a` is written twice"),
        ("services:\n  - upstream: http://a\n    upstream: http://b", "3:5 the key `upstream` is written twice"),
        ("services:\n\t- upstream: http://a", "2:1 a tab indents this line"),
        ("services:\n  - upstream: http://a\n\t  hosts: b", "3:1 a tab indents this line"),
        ("services: @a", "1:11 found character that cannot start any token"),
        ("services: [", "2:1 did not find expected node content"),
        ("services: a: b", "1:12 mapping values are not allowed in this context"),
        ("services: !!set {a}", "1:11 tags have no meaning here, found `tag:yaml.org,2002:set`"),
        ("? [a]\n: b", "1:3 a key must be a word"),
        ("a: *b", "1:4 no anchor `&b` stands before this alias"),
        ("services: []\n---\na: 1", "3:1 a second document begins here"),
        ("", "1:1 the key `services` is missing"),
        ("services: http://a", "1:11 expected a list of mappings (service), found `http://a`"),
        ("services: []", "1:11 there is no service"),
        ("services: [{}]", "1:12 the service has no upstream"),
        ("services: [{upstream: http://a, upstreams: [http://b]}]", "1:44 `upstream` and `upstreams` exclude each other"),
        ("services: [{upstreams: [{url: http://a, weight: 0}]}]", "1:24 every upstream has weight 0"),
        ("services: [{upstream: http://a}, {upstream: http://b}]", "1:34 the services `a:80` and `b:80` both cover every host at `/`"),
        ("services: [{upstream: http://a, hosts: x.test}, {upstream: http://a}]", "1:49 two services have the name `a:80`"),
        ("listen: 127.0.0.1:99999\nservices: [{upstream: http://a}]", "1:9 `127.0.0.1:99999` is not a host and port"),
        (
            "listeners: [{address: ':443', tls: true}]\nservices: [{upstream: http://a}]",
            "1:36 a listener beyond loopback needs `certificates`"
        ),
        ("listen: :80\nlisteners: []\nservices: [{upstream: http://a}]", "2:12 `listen` and `listeners` exclude each other"),
        (
            "listeners: [{address: ':80', redirect_to_https: true}]\nservices: [{upstream: http://a}]",
            "1:13 `redirect_to_https` needs a listener with `tls`"
        ),
        ("listen: 127.0.0.1:9901\nservices: [{upstream: http://a}]", "1:1 `admin` listens on `127.0.0.1:9901` too"),
        (
            "listeners: [{address: 127.0.0.1:1, proxy_protocol: accept}]\nservices: [{upstream: http://a}]",
            "1:52 the PROXY protocol needs the sources that may speak it"
        ),
        ("services: [{upstream: http://a, routes: [{path: /a}, {path: /a/}]}]", "1:54 two routes take `/a/`"),
        (
            "services: [{upstream: http://a, paths: /x, routes: [{path: /y}]}]",
            "1:60 the route `/y` can never be reached: it lies outside the service's `paths`"
        ),
        (
            "guards: {cors: {origins: '*', credentials: true}}\nservices: [{upstream: http://a}]",
            "1:44 `credentials` cannot go with the origin `*`"
        ),
        ("guards: {rate_limits: [{name: x}]}\nservices: [{upstream: http://a}]", "1:24 the limit `x` has neither `rate` nor `concurrency`"),
        (
            "guards: {headers: {hsts: {preload: true}}}\nservices: [{upstream: http://a}]",
            "1:36 `preload` needs `include_subdomains: true` and a `max_age` of 365d or more"
        ),
        ("guards: {headers: onn}\nservices: [{upstream: http://a}]", "1:19 `onn` is not one of `enforce`, `report`, `off`"),
        (
            "guards: {headers: {set: {Content-Length: 1}}}\nservices: [{upstream: http://a}]",
            "1:42 `content-length` is not for a policy to set"
        ),
        ("events: {stdout: yes}\nservices: [{upstream: http://a}]", "1:18 `yes` is not a truth value"),
        ("limits: {connections: 0}\nservices: [{upstream: http://a}]", "1:23 `0` is not in the range 1 to 10000000"),
        ("store: {postgres: 'file:nowhere'}\nservices: [{upstream: http://a}]", "1:19 `./nowhere` cannot be read: there is no such file"),
        ("store: {password: 'env:NOWHERE'}\nservices: [{upstream: http://a}]", "1:19 the variable `NOWHERE` is not set"),
        ("keys: {root: 'fil:x'}\nservices: [{upstream: http://a}]", "1:14 `fil` is no kind of root key: `file`, `passphrase`, `credential`, `pkcs11` are"),
        ("audit: {origin: a b}\nservices: [{upstream: http://a}]", "1:17 `a b` is no name of a log: no spaces, no `+`"),
        ("services: [{upstream: http://a, tls: {ca: nowhere.pem}}]", "1:43 there is no file `./nowhere.pem`"),
    ])
    func `a mistake is named at its place`(text: String, expected: String) {
        let found = failure(text)?.diagnostics.filter { $0.severity == .error }.map {
            "\($0.place.span.line):\($0.place.span.column) \($0.message)"
        }
        #expect(found?.contains(expected) == true, "\(found ?? [])")
    }

    @Test func `a bad line of a list is named in that list`() {
        let found = failure("guards: {addresses: {deny_files: l}}\nservices: [{upstream: http://a}]", files: ["./l": "10.0.0.0/8\nbogus\n"])
        #expect(found?.report.contains("--> ./l:2:1") == true)
        #expect(found?.report.contains("2 | bogus") == true)
    }

    @Test func `a secret in the file is refused without repeating it`() {
        let report = failure("store: {postgres: 'postgres://u:hunter2@db'}\nservices: [{upstream: http://a}]")?.report
        #expect(report?.contains("a secret does not stand in this file") == true)
        #expect(report?.contains("hunter2") == false)
    }

    @Test func `a tower of aliases is refused before it is built`() {
        let levels = (1...30).map { "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ", "))]" }
        let found = failure("a0: &a0 [x, x]\n" + levels.joined(separator: "\n"))
        #expect(found?.diagnostics.first?.message == "more than 100000 values, aliases counted in full")
    }

    @Test(arguments: [40, 500, 100_000])
    func `deep nesting is refused`(depth: Int) {
        #expect(failure("a: " + String(repeating: "[", count: depth))?.diagnostics.first?.message == "nested more than 32 deep")
    }

    @Test func `a client key without its certificate is refused`() {
        let found = failure("services: [{upstream: https://a, tls: {client_key: key.pem}}]", files: ["./key.pem": ""])
        #expect(found?.diagnostics.map(\.message) == ["`client_certificate` and `client_key` go together"])
    }

    @Test func `bytes that are no text are refused`() {
        let loader = ConfigurationLoader(file: "x", environment: .memory(files: [:]))
        #expect(throws: ConfigurationFailure.self) { try loader.load([0xFF, 0xFE, 0x00]) }
        #expect(throws: ConfigurationFailure.self) { try loader.load(Array(repeating: 0x61, count: 2 << 20)) }
        #expect(throws: ConfigurationFailure.self) { try loader.load() }
    }

    @Test(arguments: [
        ("timeouts: {connect: 5}", "did you mean `5s`?"), ("timeouts: {connect: 5 minutes}", "did you mean `5m`?"),
        ("limits: {body_bytes: 10mb}", "did you mean `10MB`?"), ("limits: {connections: 10_000}", "did you mean `10000`?"),
        ("events: {stdout: yes}", "did you mean `true`?"), ("listen: 8080", "did you mean `127.0.0.1:8080`?"),
        ("listen: localhost", "the port is missing: `localhost:8080`"), ("listen: '::1'", "IPv6 needs brackets and a port: `[::1]:8080`"),
        ("listen: http://localhost:80/", "did you mean `localhost:80`?"),
        ("trusted_proxies: 10.1.2.3/8", "`10.0.0.0/8` is the network, `10.1.2.3` the host"),
        ("guards: {rate_limits: [{name: a, rate: 10 per minute}]}", "did you mean `10/1m`?"),
        ("guards: {protocol: {methods: [get]}}", "did you mean `GET`?"),
        ("guards: {fetch_metadata: {exempt: images}}", "a path begins with a slash: `/images`"),
        ("services: [{upstream: localhost:3000}]", "did you mean `http://localhost:3000`?"),
        ("services: [{upstream: 'http://localhost:3000/api'}]", "an upstream has no path: `http://localhost:3000`"),
        ("services: [{upstream: 'ws://localhost:3000'}]", "the scheme is one of `http`, `https`, `h2c`, `h2`"),
        ("services: [{hosts: 'https://shop.test/'}]", "a host has no scheme, port or path: `shop.test`"),
        ("services: [{hosts: 'shop.test:8080'}]", "a host has no scheme, port or path: `shop.test`"),
        ("services: {upstream: http://a}", "each element of a list begins with `- `"),
        ("hsts: off", "`hsts` stands in `guards.headers`"), ("body_bytes: 1", "`body_bytes` stands in `limits` or in `services[].limits`"),
    ])
    func `a wrong value is told with what is likely meant`(text: String, hint: String) {
        let help = failure(text)?.diagnostics.flatMap(\.help) ?? []
        #expect(help.contains(hint), "\(help)")
    }

    @Test(arguments: [
        ("bodybytes", "body_bytes"), ("bodyBytes", "body_bytes"), ("header-count", "header_count"), ("uri", "uri_bytes"),
        ("conections", "connections"),
    ])
    func `a mistyped key finds the one that is meant`(key: String, meant: String) {
        let help = failure("limits: {\(key): 1}\nservices: [{upstream: http://a}]")?.diagnostics.first?.help
        #expect(help == ["did you mean `\(meant)`?"])
    }
}
