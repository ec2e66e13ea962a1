import Foundation
import GatehouseIdentitySite
import Testing

@Suite struct MailTests {
    func message(_ to: String = "ann@example.org", subject: String = "Hi", text: String = "a\n.b\n") throws -> MailMessage {
        try MailMessage(
            Mail(to: to, subject: subject, text: text), from: "house@example.com", date: Date(timeIntervalSince1970: 0), identifier: "1")
    }

    @Test func `a message has the fields of its standard and no line over 78`() throws {
        let text = String(decoding: try message(subject: "Grüße\r\nBcc: evil@example.net", text: String(repeating: "ä=", count: 90)).bytes, as: UTF8.self)
        #expect(text.contains("Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n") && text.contains("Message-ID: <1@example.com>\r\n"))
        #expect(text.contains("Subject: =?utf-8?B?") && !text.contains("\r\nBcc:"))
        #expect(text.components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 78 } && !text.replacingOccurrences(of: "\r\n", with: "").contains("\n"))
    }

    @Test(arguments: ["ann", "a b@example.org", "ann@example.org>\r\nRCPT TO:<x@y", "-f@example.org", "a@b@c", "\"a\"@b", "ann@example.org,b@c"])
    func `what is no plain address is refused`(address: String) { #expect(throws: MailError.self) { try message(address) } }

    @Test func `a message is handed over step by step`() throws {
        var dialogue = SMTPDialogue(.init(message: try message(), host: "here", usesStartTLS: true, user: "u", password: "p"))
        let steps: [(SMTPReply, String)] = [
            (.init(code: 220, lines: ["hi"]), "EHLO here\r\n"), (.init(code: 250, lines: ["hi", "STARTTLS"]), "STARTTLS\r\n"),
        ]
        for (reply, line) in steps { #expect(dialogue.take(reply) == .send(Array(line.utf8))) }
        #expect(dialogue.take(.init(code: 220, lines: ["go"])) == .encrypt)
        #expect(dialogue.encrypted() == .send(Array("EHLO here\r\n".utf8)))
        let secret = Data("\0u\0p".utf8).base64EncodedString()
        let rest: [(SMTPReply, String)] = [
            (.init(code: 250, lines: ["hi", "AUTH LOGIN PLAIN"]), "AUTH PLAIN \(secret)\r\n"),
            (.init(code: 235, lines: ["ok"]), "MAIL FROM:<house@example.com>\r\n"), (.init(code: 250, lines: ["ok"]), "RCPT TO:<ann@example.org>\r\n"),
            (.init(code: 250, lines: ["ok"]), "DATA\r\n"),
        ]
        for (reply, line) in rest { #expect(dialogue.take(reply) == .send(Array(line.utf8))) }
        guard case .send(let body) = dialogue.take(.init(code: 354, lines: ["go"])) else {
            Issue.record("no message")
            return
        }
        let text = String(decoding: body, as: UTF8.self)
        #expect(text.contains("\r\n..b\r\n") && text.hasSuffix("\r\n.\r\n"))
        #expect(dialogue.take(.init(code: 250, lines: ["ok"])) == .done(Array("QUIT\r\n".utf8)))
    }

    @Test func `nobody on the way talks us out of TLS`() throws {
        var dialogue = SMTPDialogue(.init(message: try message(), host: "here", usesStartTLS: true, user: nil, password: nil))
        _ = dialogue.take(.init(code: 220, lines: [""]))
        guard case .fail = dialogue.take(.init(code: 250, lines: ["hi", "SIZE 100"])) else {
            Issue.record("went on in the clear")
            return
        }
    }

    @Test func `replies are put together from pieces, and garbage is refused`() throws {
        var reader = SMTPReplyReader()
        #expect(try reader.take(Array("250-one\r\n250".utf8)) == nil)
        #expect(try reader.take(Array(" two\r\n".utf8)) == SMTPReply(code: 250, lines: ["one", "two"]))
        #expect(throws: (any Error).self) { try reader.take(Array("HTTP/1.1 400 Bad\r\n".utf8)) }
    }
}
