internal import Foundation

/// What a client says to a mail server to hand one message over (RFC 5321, 3207, 4954): pure, one step for each reply.
public struct SMTPDialogue: Sendable {
    /// What to do next.
    public enum Action: Sendable, Equatable {
        /// Send these bytes and wait for the reply.
        case send([UInt8])
        /// Begin TLS, then call ``encrypted()``.
        case encrypt
        /// The server has taken the message; send these bytes and close.
        case done([UInt8])
        /// Give up.
        case fail(String)
    }

    private enum State: Sendable {
        case greeting, hello, startTLS, helloAgain, authentication, sender, recipient, data, message, over
    }

    /// What the client brings along.
    public struct Plan: Sendable {
        let message: MailMessage
        let host: String
        let usesStartTLS: Bool
        let user: String?
        let password: String?

        /// A plan.
        ///
        /// - Parameters:
        ///   - host: our name.
        ///   - usesStartTLS: whether to ask for TLS.
        public init(message: MailMessage, host: String, usesStartTLS: Bool, user: String?, password: String?) {
            self.message = message
            self.host = host
            self.usesStartTLS = usesStartTLS
            self.user = user
            self.password = password
        }
    }

    private let plan: Plan
    private var state = State.greeting

    /// A dialogue that waits for the greeting.
    public init(_ plan: Plan) { self.plan = plan }

    /// The next step after a reply.
    ///
    /// Refuses: a server that does not offer STARTTLS where it is asked for, so that nobody on the way can talk us out of it.
    public mutating func take(_ reply: SMTPReply) -> Action {
        guard (200...399).contains(reply.code) else {
            state = .over
            return .fail("the mail server answered \(reply.code) \(reply.lines.first ?? "")")
        }
        switch state {
        case .greeting: return say("EHLO \(plan.host)", .hello)
        case .hello where plan.usesStartTLS:
            guard reply.offers("STARTTLS") else { return .fail("the mail server does not offer STARTTLS") }
            return say("STARTTLS", .startTLS)
        case .hello, .helloAgain: return authenticate(reply)
        case .startTLS: return .encrypt
        case .authentication: return begin()
        case .sender: return say("RCPT TO:<\(plan.message.to)>", .recipient)
        case .recipient: return say("DATA", .data)
        case .data:
            guard reply.code == 354 else { return .fail("the mail server did not want the message") }
            state = .message
            return .send(Self.stuffed(plan.message.bytes))
        case .message:
            state = .over
            return .done(Array("QUIT\r\n".utf8))
        case .over: return .fail("the mail server went on after the end")
        }
    }

    /// TLS has begun.
    public mutating func encrypted() -> Action { say("EHLO \(plan.host)", .helloAgain) }

    private mutating func authenticate(_ reply: SMTPReply) -> Action {
        guard let user = plan.user, let password = plan.password else { return begin() }
        guard reply.offers("AUTH", "PLAIN") else { return .fail("the mail server does not offer AUTH PLAIN") }
        let secret = Data([0] + Array(user.utf8) + [0] + Array(password.utf8)).base64EncodedString()
        return say("AUTH PLAIN \(secret)", .authentication)
    }

    private mutating func begin() -> Action { say("MAIL FROM:<\(plan.message.from)>", .sender) }

    private mutating func say(_ line: String, _ next: State) -> Action {
        state = next
        return .send(Array((line + "\r\n").utf8))
    }

    /// Dots at the beginning of lines are doubled, and a line with one dot ends the message (RFC 5321 section 4.5.2).
    static func stuffed(_ message: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(message.count + 16)
        var isLineStart = true
        for byte in message {
            if isLineStart, byte == UInt8(ascii: ".") { bytes.append(byte) }
            bytes.append(byte)
            isLineStart = byte == 0x0A
        }
        return bytes + Array((isLineStart ? ".\r\n" : "\r\n.\r\n").utf8)
    }
}

/// A reply of a mail server: its code and the texts of its lines.
public struct SMTPReply: Sendable, Equatable {
    /// The code, 200 to 599.
    public var code: Int
    /// The texts.
    public var lines: [String]

    /// A reply of its parts.
    public init(code: Int, lines: [String]) {
        self.code = code
        self.lines = lines
    }

    /// True where a line of EHLO's answer names an extension, and a word after it.
    func offers(_ extensionName: String, _ word: String? = nil) -> Bool {
        lines.contains { line in
            let words = line.uppercased().split(separator: " ")
            return words.first.map(String.init) == extensionName && (word == nil || words.dropFirst().contains { $0 == word ?? "" })
        }
    }
}

/// Puts lines together to replies.
public struct SMTPReplyReader: Sendable {
    private var text: [UInt8] = []
    private var lines: [String] = []

    /// A reader at the beginning of a reply.
    public init() {}

    /// Takes bytes; gives the first whole reply, nil while there is none.
    ///
    /// - Throws: where a line is none of a reply, or more than 64 KiB come for one.
    public mutating func take(_ bytes: some Sequence<UInt8>) throws -> SMTPReply? {
        text += bytes
        guard text.count <= 64 << 10, lines.count <= 200 else { throw SMTPGarbage() }
        while let end = text.firstIndex(of: 0x0A) {
            let line = String(decoding: text[..<end].filter { $0 != 0x0D }, as: UTF8.self)
            text.removeSubrange(...end)
            guard let code = Int(line.prefix(3)), line.utf8.count >= 3 else { throw SMTPGarbage() }
            lines.append(String(line.dropFirst(4)))
            guard line.dropFirst(3).first != "-" else { continue }
            defer { lines = [] }
            return SMTPReply(code: code, lines: lines)
        }
        return nil
    }

    struct SMTPGarbage: Error, CustomStringConvertible {
        let description = "the mail server does not speak SMTP"
    }
}
