internal import GatehouseCore

/// A message to a user, in plain text.
public struct Mail: Sendable, Equatable {
    /// The address.
    public var to: String
    /// The subject.
    public var subject: String
    /// The text, lines ended by a line feed.
    public var text: String

    /// A message of its parts.
    public init(to: String, subject: String, text: String) {
        self.to = to
        self.subject = subject
        self.text = text
    }
}

/// Sends mail.
public protocol MailSender: Sendable {
    /// Hands a message over.
    ///
    /// - Throws: what went wrong; the user is not told, an event is.
    func send(_ mail: Mail) async throws
}

/// Sends nothing.
public struct NoMail: MailSender {
    /// A sender that always fails.
    public init() {}

    /// Fails.
    public func send(_ mail: Mail) async throws { throw MailError(reason: "no way to send mail is configured") }
}

/// Why mail could not be sent.
public struct MailError: Error, Sendable, CustomStringConvertible {
    /// The reason.
    public let reason: String

    /// An error with its reason.
    public init(reason: String) { self.reason = reason }

    /// The reason.
    public var description: String { reason }
}

extension IdentitySite {
    /// Sends mail in the background, so that the time of an answer tells nothing.
    func post(_ message: Mail) {
        Task { [mail] in
            do {
                try await mail.send(message)
            } catch {
                emit("mail_failed", .high, "mail could not be sent", [("cause", "\(error)")])
            }
        }
    }
}
