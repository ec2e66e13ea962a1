/// `allow`: lets the exchange through; `allow:phase` leaves out the rest of the phase, `allow:request` the rest of the request's phases.
enum AllowAction: ActionKeyword {
    static let name = "allow"
    static let parameter = ParameterRule.optional
    static let isForStarterOnly = true

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        switch parameter.lowercased() {
        case "": list.disruption = .allow(.transaction)
        case "phase": list.disruption = .allow(.phase)
        case "request": list.disruption = .allow(.request)
        default: throw Complaint("`allow` takes `phase` or `request`, not `\(parameter)`")
        }
    }
}
