internal import GatehouseCore
internal import GatehouseGuards
internal import GatehouseProxy

/// Writes problems as the `errors` settings of the exchange's route say.
struct RouteProblems: ProblemWriter {
    private let standard = ProblemRenderer()

    func write(_ problem: Problem, for exchange: Exchange) -> RenderedProblem {
        let renderer = exchange.route.guards.lazy.compactMap { $0.value as? ErrorGuard }.first?.problems ?? standard
        return renderer.render(problem, incident: exchange.incident, request: exchange.request)
    }
}
