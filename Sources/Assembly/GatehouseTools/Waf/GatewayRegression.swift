internal import Foundation
internal import SecLang
internal import Synchronization

/// Runs regression tests of the Core Rule Set through a gateway: it is started in report mode before a small backend, every request goes over
/// a socket of its own, and what the rules found is read from the gateway's events.
///
/// Each test has a client address of its own in 127.0.0.0/8, by which its events are told from the others'.
public struct GatewayRegression: Sendable {
    private let rules: String?
    private let program: String

    /// - Parameters:
    ///   - rules: a folder of the Core Rule Set; nil: the system's.
    ///   - program: the gatehouse to start.
    public init(rules: String?, program: String) { (self.rules, self.program) = (rules, program) }

    /// Runs every test of a file, or of all YAML files below a folder.
    ///
    /// - Throws: what the files or the start of the gateway say.
    public func run(path: String) async throws -> RegressionRun.Summary {
        let tests = try RegressionTest.all(in: path)
        let backend = try await EchoServer(knowsFewPaths: tests.first?.isFirstGeneration ?? true)
        let gateway = try RegressionGateway(rules: rules, program: program, backendPort: backend.port)
        defer { gateway.stop() }
        let port = try gateway.waitForStart()
        let enabled = tests.enumerated().filter { $0.element.isEnabled }.map { (number: $0.offset, test: $0.element) }
        let statuses = send(enabled, port: port)
        gateway.stop()
        await backend.close()
        let events = try RegressionEvents(file: gateway.eventFile)
        var summary = RegressionRun.Summary()
        summary.skipped = tests.count - enabled.count
        for (number, test) in enabled {
            let client = Self.address(number)
            let result = RegressionResult(
                matches: events.matches[client] ?? [], status: statuses[number] ?? 0,
                isRefusedByWire: events.refusedByWire.contains(client))
            summary.take(test, result.failure(of: test.expectation))
        }
        return summary
    }

    private static func address(_ number: Int) -> String { "127.1.\(number >> 8 & 255).\(number & 255)" }

    /// Sends the requests on a few threads; gives the status of each answer by the test's number.
    private func send(_ tests: [(number: Int, test: RegressionTest)], port: Int) -> [Int: Int] {
        let statuses = Mutex<[Int: Int]>([:])
        let next = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            while true {
                let index = next.withLock { index in
                    defer { index += 1 }
                    return index
                }
                guard index < tests.count else { return }
                let (number, test) = tests[index]
                let answer = RawSocket.exchange(test.request, port: port, from: Self.address(number), timeout: 10)
                let status = answer.flatMap { Self.status(of: $0) } ?? 0
                statuses.withLock { $0[number] = status }
            }
        }
        return statuses.withLock { $0 }
    }

    /// The status of the first answer that is no interim one.
    private static func status(of answer: [UInt8]) -> Int? {
        let text = String(decoding: answer, as: UTF8.self)
        let statuses = text.matches(of: /HTTP\/1\.[01] (\d{3})/).compactMap { Int($0.output.1) }
        return statuses.first { $0 >= 200 }
    }
}

/// A gateway in a process of its own, with a configuration made for regression tests.
final class RegressionGateway: Sendable {
    let folder = NSTemporaryDirectory() + "gatehouse-regression-\(UUID().uuidString)"
    var eventFile: String { folder + "/events.jsonl" }
    private let process: Mutex<Process>

    init(rules: String?, program: String, backendPort: Int) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Self.write(folder + "/before.conf", String(decoding: RegressionRun.settings.text, as: UTF8.self))
        try Self.write(folder + "/after.conf", "SecRuleRemoveById 910000\n")
        try Self.write(folder + "/gatehouse.yaml", Self.configuration(folder, rules, backendPort))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program).resolvingSymlinksInPath()
        process.arguments = ["run", "--config", folder + "/gatehouse.yaml"]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        self.process = Mutex(process)
    }

    /// Hygiene guards report, so that what they would refuse reaches the rules; framing is never a matter of choice.
    private static func configuration(_ folder: String, _ rules: String?, _ port: Int) -> String {
        """
        listen: 127.0.0.1:0
        admin: {listen: off}
        data: \(folder)/data
        services:
          - name: echo
            upstream: http://127.0.0.1:\(port)
        limits: {uri_bytes: 64KiB, header_bytes: 128KiB}
        guards:
          protocol: report
          rate_limits: off
          fetch_metadata: off
          cors: off
          bodies: report
          errors: off
          waf:
            mode: report
            rules: [\(rules.map { "'\(URL(fileURLWithPath: $0).path)'" } ?? "")]
            before: before.conf
            after: after.conf
            record: none
        events:
          stdout: false
          queue: 1000000
          file: {path: \(folder)/events.jsonl, max_bytes: 1GiB}
        """
    }

    /// Waits until it listens; gives its port.
    func waitForStart() throws -> Int {
        for _ in 0..<1200 {
            let text = (try? String(contentsOfFile: eventFile, encoding: .utf8)) ?? ""
            if let match = text.firstMatch(of: /listens on 127\.0\.0\.1:(\d+)/), let port = Int(match.output.1) { return port }
            guard process.withLock({ $0.isRunning }) else { break }
            usleep(50_000)
        }
        throw RegressionTest.Failure(description: "the gateway does not start")
    }

    func stop() {
        process.withLock { process in
            guard process.isRunning else { return }
            process.terminate()
            process.waitUntilExit()
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static func write(_ file: String, _ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: file)) }
}
