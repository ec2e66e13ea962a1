extension AuthorizationRequest {
    /// Whether the user has to sign in, by what the client wants and what the session is: pure, on times in seconds.
    ///
    /// - Parameters:
    ///   - begun: When this request was first seen. A sign-in since then satisfies `prompt=login`, so that it is not asked for again and again.
    ///   - contexts: Contexts that can be reached, the weakest first.
    func signInReason(_ session: LoginSession?, begun: Int64, contexts: [String], at now: Int64) -> SignInReason? {
        guard let session else { return .noSession }
        let time = session.authentication.time
        let isNew = time >= begun
        if let hintedUser, hintedUser != session.userID { return .otherUser }
        if prompts.contains("login"), !isNew { return .prompted }
        if prompts.contains("select_account"), !isNew { return .selectAccount }
        if let maximumAge, now - time > maximumAge, !(isNew && maximumAge == 0) { return .tooOld }
        return isStrongEnough(session, contexts) || isNew ? nil : .tooWeak
    }

    /// True where the session is at least as strong as the weakest context asked for. Contexts that are not known here are passed over: they are
    /// a wish (OpenID Connect Core section 3.1.2.1).
    private func isStrongEnough(_ session: LoginSession, _ known: [String]) -> Bool {
        let wanted = contexts.compactMap { known.firstIndex(of: $0) }
        guard let least = wanted.min() else { return true }
        return (known.firstIndex(of: session.authentication.context) ?? -1) >= least
    }

    /// Whether the user has to be asked, by what was allowed before.
    func needsConsent(given: Set<String>) -> Bool {
        prompts.contains("consent") || (!client.metadata.skipsConsent && !Set(scopes).isSubset(of: given))
    }
}
