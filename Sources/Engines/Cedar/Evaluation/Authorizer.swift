/// A policy set made ready for decisions: scopes indexed, conditions compiled.
///
/// Immutable, so that a running gateway swaps one authorizer for another in one step (``AuthorizerSlot``). The cost of
/// a decision grows with the policies whose scope matches the request, not with the others.
public final class Authorizer: Sendable {
    struct Compiled: Sendable {
        let id: String
        let effect: Effect
        /// What the index does not check: the type in `is T in e`.
        let principalType: Text?
        let resourceType: Text?
        let program: Program?
    }

    /// The policies that the authorizer was made of.
    public let policies: PolicySet
    let compiled: [Compiled]
    private let index: ScopeIndex

    /// Compiles a policy set; templates without links take no part.
    public init(_ policies: PolicySet) {
        self.policies = policies
        var compiled: [Compiled] = []
        var index = ScopeIndex()
        var programs: [Text: Program?] = [:]
        for (id, policy, template) in policies.linked {
            let program: Program?
            if let template {
                program = programs[Text(template)] ?? Program(policy.conditions)
                programs[Text(template)] = .some(program)
            } else {
                program = Program(policy.conditions)
            }
            index.insert(policy, at: compiled.count)
            compiled.append(
                Compiled(
                    id: id, effect: policy.effect, principalType: policy.principal.typeBesideAncestor,
                    resourceType: policy.resource.typeBesideAncestor, program: program))
        }
        self.compiled = compiled
        self.index = index
    }

    /// The decision on a request, with its determining policies and with the policies that failed.
    public func decide(_ request: Request, entities: Entities) -> Response { judge(request, entities: entities).response }

    /// What each policy whose scope matches comes to.
    public func judge(_ request: Request, entities: Entities) -> Judgement {
        var evaluator = Evaluator(request: request, entities: entities)
        var judgement = Judgement()
        for position in candidates(request, entities) {
            let policy = compiled[position]
            do throws(EvaluationError) {
                guard try policy.program.map({ (program) throws(EvaluationError) in try evaluator.isSatisfied(program) }) ?? true
                else { continue }
                if policy.effect == .forbid { judgement.forbids.append(policy.id) } else { judgement.permits.append(policy.id) }
            } catch {
                if case .unknown = error {
                    judgement.open.append((policy.id, policy.effect))
                } else {
                    judgement.errors.append(Response.PolicyError(policy: policy.id, effect: policy.effect, error: error))
                }
            }
        }
        return judgement
    }

    /// Positions of the policies whose scope matches, in the order of the set, each once.
    func candidates(_ request: Request, _ entities: Entities) -> [Int] {
        var found: [Int] = []
        index.forEachCandidate(request, entities) { position in
            let policy = compiled[position]
            if let type = policy.principalType, type != request.principal.type { return }
            if let type = policy.resourceType, type != request.resource.type { return }
            found.append(position)
        }
        guard found.count > 1 else { return found }
        found.sort()
        var unique: [Int] = []
        unique.reserveCapacity(found.count)
        for position in found where unique.last != position { unique.append(position) }
        return unique
    }
}

extension ScopeConstraint {
    /// The type of `is T in e`, which stands in the index under `e`.
    fileprivate var typeBesideAncestor: Text? {
        if case .isTypeIn(let type, _) = self { type } else { nil }
    }
}
