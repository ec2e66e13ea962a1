internal import Cedar
internal import Foundation
public import GatehouseConfiguration
public import GatehouseCore
internal import GatehouseGuards
public import OpenAPI
public import StrictJSON
internal import Synchronization

/// Makes the authorization guards of a house, and keeps across reloads what is costly or has to last: compiled policies, decision logs,
/// answers of entity sources and decision points.
public final class AuthorizationRuntime: Sendable {
    /// What a service's guards are made from.
    public struct Subject: Sendable {
        /// The service's name.
        public var service: String
        /// Its settings.
        public var settings: Authorization
        /// Its OpenAPI document.
        public var document: OpenAPIValidator?
        /// Equal for the same document; it keeps the document alive.
        public var documentOwner: (any AnyObject & Sendable)?
        /// The prefix that is taken off paths before the service sees them.
        public var strippedPrefix = ""

        /// A service without a document.
        public init(service: String, settings: Authorization) {
            self.service = service
            self.settings = settings
        }
    }

    fileprivate struct Kept: Sendable {
        let subject: Subject
        let files: [PolicyBundle.File]
        let plan: AuthorizationPlan
        let ways: DecisionWays
    }

    private struct State: Sendable {
        var kept: [String: Kept] = [:]
        var logs: [String: DecisionLog] = [:]
    }

    private let state = Mutex(State())
    private let caller: (any HTTPCaller)?
    private let clock: any HouseClock
    private let events: any EventSink
    private let output: @Sendable (DecisionLogFile) -> any DecisionOutput

    /// A runtime without guards.
    ///
    /// - Parameters:
    ///   - caller: calls entity sources and decision points; nil in a program that cannot, where settings that need it are faults.
    ///   - output: opens the file of a decision log.
    public init(
        caller: (any HTTPCaller)?, clock: any HouseClock, events: any EventSink,
        output: @escaping @Sendable (DecisionLogFile) -> any DecisionOutput
    ) {
        self.caller = caller
        self.clock = clock
        self.events = events
        self.output = output
    }

    /// The guard of one place of a service. Files are read; what has not changed since the last time is used again.
    ///
    /// - Throws: ``AuthorizationFault``: what policies, schema, entities or routes are wrong.
    public func guarding(_ subject: Subject, mode: GuardMode) throws(AuthorizationFault) -> AuthorizationGuard {
        let kept = try keeping(subject)
        return AuthorizationGuard(kept.plan, kept.ways, isEnforcing: mode == .enforce)
    }

    /// The decision point over the policies of a service.
    ///
    /// - Parameter sign: signs the claims of its metadata; nil where there is no key.
    /// - Throws: ``AuthorizationFault``, as ``guarding(_:mode:)`` does.
    public func deciding(
        _ subject: Subject, _ settings: DecisionService, sign: (JSONObject) -> String?
    ) throws(AuthorizationFault) -> DecisionsService {
        let kept = try keeping(subject)
        return try DecisionsService(kept.plan, kept.ways, settings: settings, sign: sign)
    }

    /// Decisions that found no room in a log since the start.
    public var lostDecisions: Int { state.withLock { $0.logs.values.reduce(0) { $0 + $1.lost } } }

    /// Writes out what waits in the decision logs.
    public func finish() {
        let logs = state.withLock { state in
            defer { state.logs = [:] }
            return Array(state.logs.values)
        }
        for log in logs { log.finish() }
    }

    private func keeping(_ subject: Subject) throws(AuthorizationFault) -> Kept {
        let files = try PolicyReading.files(subject.settings)
        let former = state.withLock { $0.kept[subject.service] }
        if let former, former.isSame(as: subject, files) { return former }
        let kept = try make(subject, files, former)
        state.withLock { $0.kept[subject.service] = kept }
        tell(kept.plan.routes.warnings + (kept.plan.bundle?.warnings ?? []), of: subject.service)
        return kept
    }

    private func make(_ subject: Subject, _ files: [PolicyBundle.File], _ former: Kept?) throws(AuthorizationFault) -> Kept {
        let settings = subject.settings
        let bundle = try PolicyReading.bundle(settings.policies, settings.schema, files)
        let schema = if let bundle { bundle.schema } else { try PolicyReading.schema(settings.schema, files) }
        let plan = try plan(subject, bundle, schema, files)
        var shadow: AuthorizationPlan?
        if let candidate = settings.shadow {
            let other = try PolicyReading.bundle(candidate.policies, candidate.schema ?? settings.schema, files)
            shadow = try self.plan(subject, other, other?.schema, files)
        }
        let isSameLookup = former?.subject.settings.entities == settings.entities && former?.subject.settings.mapping == settings.mapping
        var lookup = isSameLookup ? former?.ways.lookup : nil
        if lookup == nil, !settings.entities.http.isEmpty {
            let caller = try calling()
            lookup = try EntityLookup(settings.entities.http, names: plan.names, caller: caller, clock: clock)
        }
        let isSamePoint = former?.subject.settings.pdp == settings.pdp
        var remote = isSamePoint ? former?.ways.remote : nil
        if remote == nil, let pdp = settings.pdp { remote = RemoteDecisions(pdp, caller: try calling(), clock: clock) }
        let ways = DecisionWays(
            lookup: lookup, remote: remote, shadow: shadow, log: settings.decisionLog.map(log),
            decisionField: settings.decisionField?.name, bundle: bundle)
        return Kept(subject: subject, files: files, plan: plan, ways: ways)
    }

    private func calling() throws(AuthorizationFault) -> any HTTPCaller {
        guard let caller else { throw AuthorizationFault("this program cannot call entity services and decision points") }
        return caller
    }

    private func plan(
        _ subject: Subject, _ bundle: PolicyBundle?, _ schema: Schema?, _ files: [PolicyBundle.File]
    ) throws(AuthorizationFault) -> AuthorizationPlan {
        try AuthorizationPlan(
            subject.settings, bundle: bundle, schema: schema,
            entities: subject.settings.entities.file.flatMap { file in files.first { $0.name == file.path } },
            document: subject.document, prefix: Array(subject.strippedPrefix.utf8))
    }

    /// One log for each file, whoever writes to it.
    private func log(_ settings: DecisionLogFile) -> DecisionLog {
        state.withLock { state in
            if let log = state.logs[settings.path.path], log.settings == settings { return log }
            let log = DecisionLog(settings, output: output(settings), events: events, clock: clock)
            if let former = state.logs.updateValue(log, forKey: settings.path.path) {
                // requests that began with the old settings may still write to it
                DispatchQueue.global().asyncAfter(deadline: .now() + 60) { former.finish() }
            }
            return log
        }
    }

    private func tell(_ warnings: [String], of service: String) {
        for warning in warnings.prefix(100) {
            events.emit(
                .system(
                    SystemRecord(
                        time: clock.wall, component: "authorization", name: "doubtful", severity: .low, message: warning,
                        facts: [("service", service)])))
        }
    }
}

extension AuthorizationRuntime.Kept {
    fileprivate func isSame(as other: AuthorizationRuntime.Subject, _ files: [PolicyBundle.File]) -> Bool {
        subject.settings == other.settings && subject.strippedPrefix == other.strippedPrefix
            && subject.documentOwner === other.documentOwner && self.files == files
    }
}

/// Reads the files that settings name.
enum PolicyReading {
    /// Policies, schemas and entities of the settings and of the candidate, each once.
    static func files(_ settings: Authorization) throws(AuthorizationFault) -> [PolicyBundle.File] {
        var paths = settings.policies.files + (settings.shadow?.policies.files ?? [])
        paths += [settings.schema, settings.shadow?.schema, settings.entities.file].compactMap { $0 }
        var files: [PolicyBundle.File] = []
        for path in paths where !files.contains(where: { $0.name == path.path }) {
            guard let data = FileManager.default.contents(atPath: path.path) else {
                throw AuthorizationFault("`\(path)` cannot be read")
            }
            files.append(PolicyBundle.File(name: path.path, bytes: [UInt8](data)))
        }
        return files
    }

    /// The policies of a folder or file; nil where none is named.
    static func bundle(
        _ policies: PolicyFiles, _ schema: FilePath?, _ files: [PolicyBundle.File]
    ) throws(AuthorizationFault) -> PolicyBundle? {
        guard policies.path != nil else { return nil }
        guard let schema, let schemaFile = files.first(where: { $0.name == schema.path }) else {
            throw AuthorizationFault("policies need a schema")
        }
        return try PolicyBundle(
            policies: policies.files.compactMap { path in files.first { $0.name == path.path } }, schema: schemaFile)
    }

    /// A schema alone.
    static func schema(_ path: FilePath?, _ files: [PolicyBundle.File]) throws(AuthorizationFault) -> Schema? {
        guard let path, let file = files.first(where: { $0.name == path.path }) else { return nil }
        do throws(CedarError) {
            return try Schema(parsing: file.bytes)
        } catch {
            throw AuthorizationFault(PolicyBundle.message(error, in: file.name))
        }
    }
}
