import GatehouseIdentity

extension IdentitySite {
    /// The page where a user types a device's code and decides about it. Wrong codes are counted by user and by network.
    func device(_ visit: Visit, _ session: LoginSession) async throws -> IdentityResponse {
        guard let code = visit.form["user_code"] ?? visit.query["user_code"] else { return visit.deviceCodePage().answer }
        guard visit.isPost || !code.isEmpty else { return visit.deviceCodePage().answer }
        // A code in a link is only filled in: the user has to compare it with what the device shows (RFC 8628 section 3.3.1).
        guard visit.isPost else { return visit.deviceCodePage(code).answer }
        let keys = [("device user " + session.userID, Self.codeBudget), ("device network " + visit.request.network, Self.networkBudget)]
        guard budgets.take(keys, at: now), let device = try await server.device(userCode: code) else {
            return visit.deviceCodePage(code, error: text(.deviceCodeUnknown)).answer
        }
        switch visit.form["decision"] {
        case "allow":
            return visit.deviceDonePage(try await server.approve(device, by: session) ? .deviceAllowed : .deviceCodeUnknown).answer
        case "refuse":
            try await server.deny(device)
            return visit.deviceDonePage(.deviceRefused).answer
        default: return visit.deviceConsentPage(device, code: code).answer
        }
    }

    private static let codeBudget = GuessBudget(capacity: 20, refill: 60)
    private static let networkBudget = GuessBudget(capacity: 100, refill: 10)
}
