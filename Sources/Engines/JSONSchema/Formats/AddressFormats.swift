/// Addresses of machines and mailboxes.

/// Four numbers up to 255 without leading zeros (RFC 2673 §3.2 and RFC 3986 §3.2.2).
func isIPv4(_ text: ByteText) -> Bool {
    guard text.count <= 15 else { return false }
    let parts = text.split(UInt8(ascii: "."))
    return parts.count == 4
        && parts.allSatisfy { part in
            guard (1...3).contains(part.count), part.count == 1 || part[0] != UInt8(ascii: "0") else { return false }
            var value = 0
            for index in 0..<part.count {
                guard isDigit(part[index]) else { return false }
                value = 10 * value + Int(part[index] - UInt8(ascii: "0"))
            }
            return value <= 255
        }
}

/// Eight groups, one run of them as `::`, the last two perhaps as IPv4 (RFC 4291 §2.2). No zone.
func isIPv6(_ text: ByteText) -> Bool {
    guard text.count >= 2, text.count <= 45 else { return false }
    var at = 0
    var groups = 0
    var isCompressed = false
    if text[0] == UInt8(ascii: ":") {
        guard text[1] == UInt8(ascii: ":") else { return false }
        isCompressed = true
        at = 2
    }
    while at < text.count {
        let start = at
        while isHexadecimal(text[at]) { at += 1 }
        if text[at] == UInt8(ascii: ".") {
            guard isIPv4(text.part(start, text.count)) else { return false }
            groups += 2
            at = text.count
            break
        }
        guard (1...4).contains(at - start) else { return false }
        groups += 1
        if at == text.count { break }
        guard text[at] == UInt8(ascii: ":"), at + 1 < text.count else { return false }
        at += 1
        if text[at] == UInt8(ascii: ":") {
            guard !isCompressed else { return false }
            isCompressed = true
            at += 1
        }
    }
    return isCompressed ? groups < 8 : groups == 8
}

/// A mailbox of SMTP: `local@domain` (RFC 5321 §4.1.2), or with all of Unicode (RFC 6531 §3.3).
func isEmail(_ text: ByteText, international: Bool) -> Bool {
    guard let at = text.last(UInt8(ascii: "@")), at > 0, at <= 64, text.count <= 320 else { return false }
    let local = text.part(0, at)
    let isLocal = local[0] == UInt8(ascii: "\"") ? isQuoted(local, international) : isDotString(local, international)
    return isLocal && isMailDomain(text.part(at + 1, text.count), international)
}

private func isDotString(_ text: ByteText, _ international: Bool) -> Bool {
    text.split(UInt8(ascii: ".")).allSatisfy { atom in
        atom.count > 0 && (0..<atom.count).allSatisfy { isAtomText(atom[$0]) || (international && atom[$0] >= 0x80) }
    }
}

private func isAtomText(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte) }

private func isQuoted(_ text: ByteText, _ international: Bool) -> Bool {
    guard text.count >= 2, text[text.count - 1] == UInt8(ascii: "\"") else { return false }
    var at = 1
    while at < text.count - 1 {
        switch text[at] {
        case UInt8(ascii: "\\"):
            guard at + 1 < text.count - 1, (0x20...0x7E).contains(text[at + 1]) else { return false }
            at += 1
        case UInt8(ascii: "\""): return false
        case 0x20...0x7E: break
        default: guard international, text[at] >= 0x80 else { return false }
        }
        at += 1
    }
    return true
}

private func isMailDomain(_ text: ByteText, _ international: Bool) -> Bool {
    if text[0] == UInt8(ascii: "[") && text[text.count - 1] == UInt8(ascii: "]") {
        let literal = text.part(1, text.count - 1)
        let tag = Array("ipv6:".utf8)
        let isTagged = tag.indices.allSatisfy { literal[$0] | (isLetter(literal[$0]) ? 0x20 : 0) == tag[$0] }
        return isTagged ? isIPv6(literal.part(5, literal.count)) : isIPv4(literal)
    }
    return international ? isLooseDomain(text) : isHostname(text)
}

/// Labels of letters, digits, hyphens and all beyond ASCII: what RFC 6531 lets a mail system pass on.
private func isLooseDomain(_ text: ByteText) -> Bool {
    text.count > 0
        && text.split(UInt8(ascii: ".")).allSatisfy { label in
            label.count > 0 && label[0] != UInt8(ascii: "-") && label[label.count - 1] != UInt8(ascii: "-")
                && (0..<label.count).allSatisfy {
                    isLetter(label[$0]) || isDigit(label[$0]) || label[$0] == UInt8(ascii: "-") || label[$0] >= 0x80
                }
        }
}
