import GatehouseConfiguration
import Testing

@Suite struct RouterTests {
    @Test(arguments: [
        ("shop.example.com", "/", 0), ("shop.example.com", "/api/items", 1), ("shop.example.com", "/apix", 0),
        ("a.example.com", "/", 2), ("a.b.example.com", "/", 2), ("example.com", "/", 3), ("other.test", "/api", 3),
    ])
    func `the most specific host wins, then the longest prefix`(host: String, path: String, expected: Int) {
        let router = Router([
            service(["shop.example.com"], []), service(["shop.example.com"], ["/api"]), service(["*.example.com"], []), service([], []),
        ])
        #expect(router.match(host: host, path: path) == Router.Match(service: expected, route: nil))
    }

    @Test func `a request that no service covers has no place`() {
        #expect(Router([service(["a.test"], []), service([], ["/x"])]).match(host: "b.test", path: "/y") == nil)
    }

    @Test(arguments: [
        ("GET", "/admin", "/admin"), ("GET", "/admin/x", "/admin"), ("GET", "/administrator", nil), ("GET", "/users/7", "/users/{id}"),
        ("GET", "/users/me", "/users/me"), ("GET", "/users/7/", "/users/{id}"), ("GET", "/users/", nil), ("GET", "/users/7/x", nil),
        ("GET", "/files/a/b", "/files/{path*}"), ("GET", "/files/", nil), ("GET", "/health", "=/health"), ("GET", "/health/", "=/health"),
        ("GET", "/health/x", nil), ("POST", "/orders", "/orders"), ("GET", "/orders", nil), ("GET", "/", nil),
    ])
    func `the most specific route wins`(method: String, path: String, expected: String?) throws {
        var one = service([], [])
        let patterns = ["/admin", "/users/{id}", "/users/me", "/files/{path*}", "=/health", "/orders"]
        one.routes = try patterns.map { pattern in
            var route = RouteSettings()
            route.path = try #require(PathPattern(text: pattern))
            if pattern == "/orders" { route.methods = [try #require(MethodName("POST"))] }
            return route
        }
        let match = try #require(Router([one]).match(host: "x", path: path, method: method))
        #expect(match.route.map { one.routes[$0].path.description } == expected)
    }

    private func service(_ hosts: [String], _ paths: [String]) -> Service {
        var service = Service()
        service.hosts = hosts.compactMap(HostPattern.init)
        service.paths = paths.compactMap(PathPrefix.init)
        return service
    }
}
