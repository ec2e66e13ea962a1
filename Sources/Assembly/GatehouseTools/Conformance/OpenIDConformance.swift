import Foundation
internal import StrictJSON
import Synchronization

/// The OpenID Foundation's modules, run against any deployment by HTTP.
public struct OpenIDConformance: Sendable {
    private let plan: OpenIDPlan
    private let transport: any WebTransport
    private let inbox: LogoutInbox?
    /// Only modules whose names contain this; empty for all.
    public var filter = ""
    /// Modules at a time; 6.
    public var width = 6
    /// How long `oidcc-codereuse-30seconds` waits; 30 s.
    public var lateness = Duration.seconds(30)

    /// A run of a plan.
    ///
    /// - Parameter inbox: where logout tokens come in; nil where the plan has no back channel.
    public init(_ plan: OpenIDPlan, _ transport: any WebTransport, inbox: LogoutInbox? = nil) {
        self.plan = plan
        self.transport = transport
        self.inbox = inbox
    }

    /// What came of one module.
    public struct Result: Sendable {
        /// The plan that it belongs to.
        public let suite: String
        /// Its name.
        public let module: String
        /// Why the provider is at fault; nil where it passed.
        public let failure: String?
    }

    /// The plans with their modules.
    static let suites: [(name: String, responseMode: String?, modules: [OpenIDModule])] = [
        ("basic", nil, OpenIDModule.basic), ("config", nil, OpenIDModule.config), ("form-post", "form_post", OpenIDModule.basic),
        ("rp-initiated-logout", nil, OpenIDModule.logout), ("back-channel-logout", nil, OpenIDModule.backChannel),
    ]

    /// Runs every module.
    ///
    /// - Throws: where the provider has no usable discovery document.
    public func run() async throws -> [Result] {
        let metadata = try await ProviderMetadata(plan, transport)
        let jobs = Self.suites.flatMap { suite in
            suite.modules.filter { filter.isEmpty || $0.name.contains(filter) }.map { (suite, $0) }
        }
        // those that wait for half a minute begin first
        let order = jobs.indices.sorted {
            (jobs[$0].1.name.contains("30seconds") ? 0 : 1, $0) < (jobs[$1].1.name.contains("30seconds") ? 0 : 1, $1)
        }
        let results = await withTaskGroup(of: (place: Int, result: Result).self) { group in
            var waiting = order[...]
            var found = [Result?](repeating: nil, count: jobs.count)
            func begin() {
                guard let place = waiting.popFirst() else { return }
                let (suite, module) = jobs[place]
                group.addTask { (place, await run(module, suite.name, suite.responseMode, metadata)) }
            }
            for _ in 0..<max(1, width) { begin() }
            while let (place, result) = await group.next() {
                found[place] = result
                begin()
            }
            return found
        }
        return results.compactMap { $0 }
    }

    private func run(_ module: OpenIDModule, _ suite: String, _ mode: String?, _ metadata: ProviderMetadata) async -> Result {
        do {
            try await module.body(OpenIDRun(plan, transport, metadata, responseMode: mode, inbox: inbox, lateness: lateness))
            return Result(suite: suite, module: module.name, failure: nil)
        } catch {
            return Result(suite: suite, module: module.name, failure: "\(error)")
        }
    }

    /// The table, one line for each module and the sums of each plan.
    public static func table(_ results: [Result]) -> String {
        var text = ""
        for result in results {
            text +=
                "\(result.failure == nil ? "passed" : "FAILED")  \(result.suite)  \(result.module)\(result.failure.map { ": \($0)" } ?? "")\n"
        }
        text += "\n"
        for suite in suites.map(\.name) {
            let own = results.filter { $0.suite == suite }
            guard !own.isEmpty else { continue }
            let passed = own.count { $0.failure == nil }
            text += "conformance openid-\(suite): \(passed) passed, \(own.count - passed) failed, 0 skipped\n"
        }
        return text
    }
}

/// Logout tokens that came to the client's back channel.
public final class LogoutInbox: Sendable {
    private let tokens = Mutex<[String]>([])

    /// An empty one.
    public init() {}

    /// Keeps a token.
    public func take(_ token: String) { tokens.withLock { $0.append(token) } }

    /// The token of a session or subject, waited for up to ten seconds.
    func next(session: String?, subject: String?) async -> String? {
        for _ in 0..<100 {
            if let token = tokens.withLock({ $0.first { Self.names($0, session, subject) } }) { return token }
            try? await Task.sleep(for: .milliseconds(100))
        }
        return nil
    }

    private static func names(_ token: String, _ session: String?, _ subject: String?) -> Bool {
        let parts = token.split(separator: ".")
        guard parts.count == 3, let claims = LogoutClaims.read(String(parts[1])) else { return false }
        return session.map { claims["sid"]?.string == $0 } ?? (claims["sub"]?.string == subject)
    }
}

extension OpenIDConformance {
    /// Runs a plan's file over the network.
    ///
    /// - Parameters:
    ///   - filter: only modules whose names contain this; nil for all.
    ///   - width: modules at a time.
    /// - Returns: The table; status 0 where every module passed.
    public static func run(planFile: String, filter: String?, width: Int) async -> ToolResult {
        await toolResult(failing: 2) {
            guard let text = FileManager.default.contents(atPath: planFile) else {
                throw ConformanceFailure("`\(planFile)` cannot be read")
            }
            let plan = try OpenIDPlan(parsing: [UInt8](text))
            let inbox = LogoutInbox()
            let listener = LogoutListener()
            if let port = plan.backChannelPort { try await listener.start(port: port, into: inbox) }
            var conformance = OpenIDConformance(
                plan, OutgoingTransport(authorities: plan.authorities), inbox: plan.backChannelPort == nil ? nil : inbox)
            conformance.filter = filter ?? ""
            conformance.width = width
            let results: [Result]
            do {
                results = try await conformance.run()
            } catch {
                await listener.stop()
                throw error
            }
            await listener.stop()
            return ToolResult(output: table(results), status: results.contains { $0.failure != nil } ? 1 : 0)
        }
    }
}
