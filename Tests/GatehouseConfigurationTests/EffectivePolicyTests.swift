import GatehouseConfiguration
import GatehouseCore
import Testing

@Suite struct EffectivePolicyTests {
    private let text = """
        guards:
          headers:
            hsts: {max_age: 90d}
        services:
          - name: shop
            hosts: shop.example.com
            upstream: http://127.0.0.1:3000
            guards:
              rate_limits:
                - {name: logins, rate: 10/1m}
            routes:
              - path: /admin
                guards:
                  headers: report
                limits: {body_bytes: 1KiB}
        """

    @Test(arguments: [
        ("guards.headers.mode", "report", 14), ("guards.headers.hsts.max_age", "90d", 3), ("guards.headers.csp", "preset", nil),
        ("guards.rate_limits.limits.logins.rate", "10/1m", 10), ("guards.rate_limits.limits.logins.burst", "none", nil),
        ("guards.rate_limits.limits.default.rate", "3000/1m", nil), ("limits.body_bytes", "1KiB", 15), ("timeouts.connect", "5s", nil),
    ])
    func `each setting tells its value and where it comes from`(path: String, value: String, line: Int?) throws {
        let question = try #require(PolicyQuestion(url: "http://shop.example.com/admin/users?x=1"))
        let policy = try load(text).policy(for: question)
        #expect(policy.service?.name == "shop")
        #expect(policy.route?.path.description == "/admin")
        let row = try #require(policy.rows.first { $0.path == path })
        #expect(row.value == value)
        #expect(row.origin?.span.line == line)
    }

    @Test func `the report shows modes and what was set`() throws {
        let question = try #require(PolicyQuestion(url: "http://shop.example.com/admin"))
        let report = try load(text).policy(for: question).report
        #expect(report.contains("guards.headers.mode"))
        #expect(report.contains("gatehouse.yaml:14"))
        #expect(!report.contains("guards.headers.csp "))
        #expect(try load(text).policy(for: question).report(all: true).contains("guards.headers.csp "))
    }

    @Test func `a URL that no service covers is said to be refused`() throws {
        let policy = try load(text).policy(for: try #require(PolicyQuestion(url: "https://other.test/")))
        #expect(policy.service == nil && policy.listener == nil)
        #expect(policy.report.contains("answered with 404"))
    }

    @Test(arguments: [
        ("http://a.test", "http://a.test/"), ("HTTP://A.test:80/x/../y/./z?q#f", "http://a.test:80/y/z"),
        ("https://[::1]/", "https://[::1]/"),
        ("http://a/..", "http://a/"), ("http://a/b/.", "http://a/b/"), ("http://a/%61dmin//x;v=1/..%2fy", "http://a/admin/y"),
    ])
    func `URLs are read and normalized`(url: String, shown: String) { #expect(PolicyQuestion(url: url)?.url == shown) }

    @Test(arguments: ["", "a.test", "ftp://a", "http://", "http:///x", "http://a b/", "http://:80/"])
    func `what is no URL is refused`(url: String) { #expect(PolicyQuestion(url: url) == nil) }
}
