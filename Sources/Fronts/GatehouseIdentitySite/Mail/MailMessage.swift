public import Foundation

/// A message as it travels (RFC 5322): plain text in UTF-8, quoted-printable.
public struct MailMessage: Sendable {
    /// The sender's address.
    public let from: String
    /// The address.
    public let to: String
    /// Head and text, lines ended by CR LF.
    public let bytes: [UInt8]

    /// Writes a message down.
    ///
    /// Refuses: addresses with control characters, blanks, brackets or lists, so that nothing from outside becomes a header or a command.
    public init(_ mail: Mail, from: String, date: Date, identifier: String) throws {
        for address in [from, mail.to] {
            guard Self.isPlain(address) else { throw MailError(reason: "an address is not one plain mail address") }
        }
        self.from = from
        to = mail.to
        let domain = from.split(separator: "@").last ?? "localhost"
        let head = [
            "From: <\(from)>", "To: <\(mail.to)>", "Subject: \(Self.word(mail.subject))", "Date: \(Self.date(date))",
            "Message-ID: <\(identifier)@\(domain)>", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable", "Auto-Submitted: auto-generated",
        ]
        bytes = Array((head.joined(separator: "\r\n") + "\r\n\r\n" + Self.quotedPrintable(mail.text)).utf8)
    }

    /// One address of printable ASCII, its local part without quotes.
    static func isPlain(_ address: String) -> Bool {
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.!#$%&'*+/=?^_`{|}~-".utf8)
        return parts.count == 2 && address.utf8.count <= 254
            && parts.allSatisfy { !$0.isEmpty && $0.first != "-" && $0.utf8.allSatisfy(allowed.contains) }
    }

    /// A header's text as one encoded word (RFC 2047) for each 30 bytes, where it is not plain.
    static func word(_ text: String) -> String {
        let clean = text.filter { !$0.isNewline && $0 != "\0" }
        guard !clean.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) || clean.utf8.count > 70 else { return clean }
        var words: [String] = []
        var piece: [UInt8] = []
        for character in clean {
            if piece.count + character.utf8.count > 42 {
                words.append(encoded(piece))
                piece = []
            }
            piece += character.utf8
        }
        return (words + [encoded(piece)]).joined(separator: "\r\n ")
    }

    private static func encoded(_ bytes: [UInt8]) -> String { "=?utf-8?B?\(Data(bytes).base64EncodedString())?=" }

    /// RFC 2045 section 6.7: lines of at most 76 characters, line ends as CR LF.
    static func quotedPrintable(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var result = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var width = 0
            let bytes = Array(line.utf8)
            for (place, byte) in bytes.enumerated() {
                let isLast = place == bytes.count - 1
                let isPlain = (0x21...0x7E).contains(byte) && byte != 0x3D || (byte == 0x20 && !isLast)
                let piece = isPlain ? String(UnicodeScalar(byte)) : "=\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
                if width + piece.count > 75 {
                    result += "=\r\n"
                    width = 0
                }
                result += piece
                width += piece.count
            }
            result += "\r\n"
        }
        return result
    }

    /// RFC 5322 section 3.3, in UTC.
    static func date(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss +0000"
        return formatter.string(from: date)
    }
}
