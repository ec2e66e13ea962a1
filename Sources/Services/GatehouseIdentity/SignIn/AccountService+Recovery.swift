import GatehouseCore
import GatehouseStore

/// A recovery that one administrator asked for.
public struct RecoveryRequest: Sendable, Equatable {
    /// Its id.
    public let id: String
    /// Who is to be recovered.
    public let userID: String
    /// The administrator who asked.
    public let askedBy: String
    /// When.
    public let asked: Int64
}

extension AccountService {
    /// Asks that a user who lost every factor may begin anew. Another administrator has to consent within a day.
    ///
    /// - Returns: the request's id; nil where there is no such user.
    public func askRecovery(of userID: String, by administrator: String) async throws -> String? {
        guard let user = try await users.user(userID), !user.isDisabled else { return nil }
        let (id, now) = (newIdentifier(), now)
        try await store.run(
            """
            INSERT INTO identity_recoveries (id, user_id, asked_by, asked, expires)
            VALUES (\(id), \(userID), \(administrator), \(now), \(now + 86_400))
            """)
        emit(
            "recovery_asked", .high, "an administrator asked to recover a user", userID,
            [("administrator", administrator), ("recovery", id)])
        return id
    }

    /// Consents to a recovery.
    ///
    /// Refuses: the administrator who asked, and the user concerned.
    /// - Returns: a link for the user, good for an hour, which takes all factors away and sets a new password; nil where it was refused, or the
    ///   request is not known, over, or has been consented to.
    public func consentToRecovery(_ id: String, by administrator: String) async throws -> String? {
        let now = now
        let user = try await store.write { transaction -> String? in
            let count = try transaction.run(
                """
                UPDATE identity_recoveries SET consented_by = \(administrator)
                WHERE id = \(id) AND consented_by IS NULL AND expires > \(now) AND asked_by <> \(administrator) AND user_id <> \(administrator)
                """)
            return count == 1 ? try transaction.row("SELECT user_id FROM identity_recoveries WHERE id = \(id)")?.text("user_id") : nil
        }
        guard let user else {
            emit(
                "recovery_refused", .high, "a consent to a recovery was refused", "", [("administrator", administrator), ("recovery", id)])
            return nil
        }
        emit("recovery_consented", .high, "a second administrator consented", user, [("administrator", administrator), ("recovery", id)])
        return try await keepLink(.recovery, user: user, content: nil, lifetime: 3600)
    }

    /// Recoveries that wait for a second administrator.
    public func recoveries() async throws -> [RecoveryRequest] {
        let now = now
        return try await store.rows("SELECT * FROM identity_recoveries WHERE consented_by IS NULL AND expires > \(now) ORDER BY asked").map
        {
            RecoveryRequest(
                id: try $0.text("id"), userID: try $0.text("user_id"), askedBy: try $0.text("asked_by"), asked: try $0.integer("asked"))
        }
    }
}
