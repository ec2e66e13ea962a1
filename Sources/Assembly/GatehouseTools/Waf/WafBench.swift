internal import Foundation
internal import GatehouseFirewall
public import SecLang

/// Measures what the firewall costs for each request, in this process and on one core.
public struct WafBench: Sendable {
    /// One kind of request and what it cost.
    public struct Row: Sendable {
        /// What kind.
        public var name: String
        /// CPU microseconds for each request, on average.
        public var average: Double
        /// The median of the times, in microseconds.
        public var median: Double
        /// The 99th percentile of the times, in microseconds.
        public var p99: Double
    }

    private let rules: RuleSet

    /// - Parameter rules: in blocking mode or not, as they are.
    public init(rules: RuleSet) { self.rules = rules }

    /// The kinds of requests: a page, a query, a form, a JSON document, an attack.
    public static let requests: [(name: String, bytes: [UInt8])] = [
        ("simple GET", request("GET", "/index.html")),
        ("GET, 8 parameters", request("GET", "/search?q=blue+widgets&page=2&sort=price&order=asc&lang=en&size=20&brand=acme&instock=true")),
        ("POST form, 20 fields", request("POST", "/profile", "application/x-www-form-urlencoded", form)),
        ("POST 2 KB JSON", request("POST", "/api/orders", "application/json", json)),
        ("blocked SQL injection", request("GET", "/?id=1%27%20UNION%20SELECT%20username,password%20FROM%20users--%20-")),
    ]

    /// Measures each kind.
    ///
    /// - Parameter count: how many requests of each kind.
    public func run(count: Int = 2_000) -> [Row] {
        WafBench.requests.map { measure($0.name, RawRequest($0.bytes), count) }
    }

    private func measure(_ name: String, _ request: RawRequest, _ count: Int) -> Row {
        let runner = WafRunner(rules: rules, mode: .on)
        let clock = ContinuousClock()
        let environment = TransactionEnvironment(now: 1_700_000_000)
        for _ in 0..<200 { _ = runner.run(request, answer: WafBench.answer, environment: environment) }
        var times: [Double] = []
        let before = WafBench.processorTime()
        for _ in 0..<count {
            let start = clock.now
            _ = runner.run(request, answer: WafBench.answer, environment: environment)
            let elapsed = clock.now - start
            times.append(Double(elapsed.components.attoseconds) / 1e12 + Double(elapsed.components.seconds) * 1e6)
        }
        let used = WafBench.processorTime() - before
        times.sort()
        return Row(name: name, average: used / Double(count), median: times[count / 2], p99: times[count * 99 / 100])
    }

    /// CPU time of this process, in microseconds.
    private static func processorTime() -> Double { Double(clock()) * 1e6 / Double(CLOCKS_PER_SEC) }

    private static let answer = WafRunner.Answer(status: 200, body: Array(String(repeating: "<p>hello</p>", count: 80).utf8))

    private static func request(_ method: String, _ target: String, _ type: String? = nil, _ body: String = "") -> [UInt8] {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: shop.example.com\r\n"
        head += "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
        head += "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: en-US,en;q=0.5\r\n"
        head += "Cookie: session=3f2a9c0d77b14e1c; theme=dark\r\n"
        if let type { head += "Content-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n" }
        return Array((head + "\r\n" + body).utf8)
    }

    private static let form = (1...20).map { "field\($0)=value+number+\($0)+of+the+form" }.joined(separator: "&")

    private static let json: String = {
        let items = (1...20).map { number in
            "{\"sku\":\"AB-\(1000 + number)\",\"name\":\"Widget number \(number)\",\"quantity\":\(number),\"price\":\(number * 3).99,\"gift\":false}"
        }
        return
            "{\"customer\":\"Jane Doe\",\"email\":\"jane@example.com\",\"city\":\"Springfield\",\"items\":[\(items.joined(separator: ","))],"
            + "\"note\":\"please leave at the door\",\"express\":true}"
    }()
}
