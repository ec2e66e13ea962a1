internal import Atomics
internal import GatehouseConfiguration
internal import GatehouseCore
internal import NIOCore

/// Asks the backends of a house on a clock whether they are well: GET of the configured path, a status below 400 is good.
///
/// Runs on one event loop, with a connection of its own for each question.
final class HealthChecker {
    private unowned let context: LoopContext
    private let emit: (String, Severity, String, [(name: String, value: String)]) -> Void
    private var tasks: [RepeatedTask] = []
    private var runs: [Int: Run] = [:]

    private struct Run {
        var good = 0
        var bad = 0
    }

    init(_ context: LoopContext, emit: @escaping (String, Severity, String, [(name: String, value: String)]) -> Void) {
        self.context = context
        self.emit = emit
    }

    /// Checks the clusters of a house from now on, and no others.
    func watch(_ clusters: [Cluster]) {
        for task in tasks { task.cancel() }
        tasks = []
        for cluster in clusters where cluster.settings.health.path != nil {
            for member in cluster.members { schedule(member, cluster) }
        }
    }

    private func schedule(_ member: Member, _ cluster: Cluster) {
        let bound = NIOLoopBound(self, eventLoop: context.loop)
        let task = context.loop.scheduleRepeatedAsyncTask(
            initialDelay: .zero, delay: TimeAmount(cluster.settings.health.interval)
        ) { _ in
            bound.value.check(member, cluster)
        }
        tasks.append(task)
    }

    private func check(_ member: Member, _ cluster: Cluster) -> EventLoopFuture<Void> {
        let bound = NIOLoopBound(self, eventLoop: context.loop)
        let answer = HealthQuestion(member: member, cluster: cluster, context: context).ask()
        return answer.map { bound.value.note($0, member, cluster) }
    }

    private func note(_ failure: String?, _ member: Member, _ cluster: Cluster) {
        var run = runs[member.id, default: Run()]
        run = failure == nil ? Run(good: run.good + 1) : Run(bad: run.bad + 1)
        runs[member.id] = run
        let isHealthy = member.isHealthy.load(ordering: .relaxed)
        let facts = [("service", cluster.name), ("upstream", member.name)]
        if isHealthy, let failure, run.bad >= cluster.settings.health.unhealthyAfter {
            member.isHealthy.store(false, ordering: .relaxed)
            emit("down", .high, "backend does not answer well: \(failure)", facts)
        } else if !isHealthy, run.good >= cluster.settings.health.healthyAfter {
            member.isHealthy.store(true, ordering: .relaxed)
            emit("up", .informational, "backend answers well again", facts)
        }
    }
}
