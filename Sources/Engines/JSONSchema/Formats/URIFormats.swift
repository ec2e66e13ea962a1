/// URIs (RFC 3986), IRIs (RFC 3987), references to both, and templates (RFC 6570).

/// Which of the four a text is to be.
enum URIKind {
    case uri, uriReference, iri, iriReference

    var allowsRelative: Bool { self == .uriReference || self == .iriReference }
    var isInternational: Bool { self == .iri || self == .iriReference }
}

/// Checks scheme, authority, path, query and fragment by the grammar.
func isURI(_ text: ByteText, _ kind: URIKind) -> Bool {
    let fragmentStart = text.first(UInt8(ascii: "#")) ?? text.count
    let queryStart = text.part(0, fragmentStart).first(UInt8(ascii: "?")) ?? fragmentStart
    let allowed = Component(international: kind.isInternational)
    guard allowed.holds(text.part(fragmentStart + 1, text.count), extra: "/?:@"),
        allowed.holds(text.part(queryStart + 1, fragmentStart), extra: "/?:@", privateUse: true)
    else { return false }
    let scheme = schemeLength(text)
    guard scheme != nil || kind.allowsRelative else { return false }
    let rest = text.part(scheme.map { $0 + 1 } ?? 0, queryStart)
    if rest[0] == UInt8(ascii: "/") && rest[1] == UInt8(ascii: "/") {
        let end = rest.first(UInt8(ascii: "/"), from: 2) ?? rest.count
        return isAuthority(rest.part(2, end), allowed) && allowed.holds(rest.part(end, rest.count), extra: "/:@")
    }
    // A colon in the first segment would make a scheme of it (RFC 3986 §4.2).
    if scheme == nil, let colon = rest.first(UInt8(ascii: ":")), rest.first(UInt8(ascii: "/")).map({ colon < $0 }) ?? true { return false }
    return allowed.holds(rest, extra: "/:@")
}

/// Length of a valid scheme before a colon.
private func schemeLength(_ text: ByteText) -> Int? {
    guard isLetter(text[0]) else { return nil }
    let end = (0..<text.count).first { !isLetter(text[$0]) && !isDigit(text[$0]) && !"+-.".utf8.contains(text[$0]) }
    guard let end, text[end] == UInt8(ascii: ":") else { return nil }
    return end
}

private func isAuthority(_ text: ByteText, _ allowed: Component) -> Bool {
    var host = text
    if let at = text.first(UInt8(ascii: "@")) {
        guard allowed.holds(text.part(0, at), extra: ":") else { return false }
        host = text.part(at + 1, text.count)
    }
    if host[0] == UInt8(ascii: "[") {
        guard let close = host.first(UInt8(ascii: "]")) else { return false }
        return isLiteral(host.part(1, close)) && isPort(host.part(close + 1, host.count))
    }
    let colon = host.first(UInt8(ascii: ":")) ?? host.count
    return allowed.holds(host.part(0, colon), extra: "") && isPort(host.part(colon, host.count))
}

/// Nothing, or a colon and digits.
private func isPort(_ text: ByteText) -> Bool {
    text.count == 0 || (text[0] == UInt8(ascii: ":") && (1..<text.count).allSatisfy { isDigit(text[$0]) })
}

/// An IPv6 address or `v1.…` of a later version.
private func isLiteral(_ text: ByteText) -> Bool {
    guard text[0] | 0x20 == UInt8(ascii: "v") else { return isIPv6(text) }
    guard let dot = text.first(UInt8(ascii: ".")), dot > 1, dot + 1 < text.count else { return false }
    return (1..<dot).allSatisfy { isHexadecimal(text[$0]) }
        && ((dot + 1)..<text.count).allSatisfy {
            Component.isUnreserved(text[$0]) || Component.isSubDelimiter(text[$0]) || text[$0] == UInt8(ascii: ":")
        }
}

/// The characters a part of a URI or IRI may have.
private struct Component {
    let international: Bool

    /// Whether all characters are unreserved, sub-delimiters, percent-encoded or in `extra`.
    func holds(_ text: ByteText, extra: String, privateUse: Bool = false) -> Bool {
        var at = 0
        while at < text.count {
            let byte = text[at]
            if byte >= 0x80 {
                let (code, length) = decodeScalar(text, at)
                guard international, isInternational(code) || (privateUse && isPrivate(code)) else { return false }
                at += length
            } else if byte == UInt8(ascii: "%") {
                guard isHexadecimal(text[at + 1]), isHexadecimal(text[at + 2]) else { return false }
                at += 3
            } else {
                guard Self.isUnreserved(byte) || Self.isSubDelimiter(byte) || extra.utf8.contains(byte) else { return false }
                at += 1
            }
        }
        return true
    }

    static func isUnreserved(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) || "-._~".utf8.contains(byte) }
    static func isSubDelimiter(_ byte: UInt8) -> Bool { "!$&'()*+,;=".utf8.contains(byte) }
}

/// `ucschar` of RFC 3987 §2.2.
private func isInternational(_ code: UInt32) -> Bool {
    switch code {
    case 0xA0...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFEF: true
    case 0x10000...0xDFFFD: code & 0xFFFF <= 0xFFFD
    case 0xE1000...0xEFFFD: true
    default: false
    }
}

private func isPrivate(_ code: UInt32) -> Bool { (0xE000...0xF8FF).contains(code) || (code >= 0xF0000 && code & 0xFFFF <= 0xFFFD) }

/// The character at `index` of valid UTF-8, and its bytes.
func decodeScalar(_ text: ByteText, _ index: Int) -> (code: UInt32, length: Int) {
    let first = UInt32(text[index])
    if first < 0x80 { return (first, 1) }
    let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    var code = first & (0x7F >> UInt32(length))
    for offset in 1..<length { code = code << 6 | UInt32(text[index + offset] & 0x3F) }
    return (code, length)
}

// MARK: Templates

/// Literals and expressions in braces (RFC 6570 §2, with erratum 6937, which allows the apostrophe).
func isURITemplate(_ text: ByteText) -> Bool {
    var at = 0
    while at < text.count {
        switch text[at] {
        case UInt8(ascii: "{"):
            guard let end = text.first(UInt8(ascii: "}"), from: at), isExpression(text.part(at + 1, end)) else { return false }
            at = end + 1
        case UInt8(ascii: "%"):
            guard isHexadecimal(text[at + 1]), isHexadecimal(text[at + 2]) else { return false }
            at += 3
        case 0x00...0x20, 0x7F, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
            UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "}"):
            return false
        default:
            let (code, length) = decodeScalar(text, at)
            guard code < 0x80 || isInternational(code) || isPrivate(code) else { return false }
            at += length
        }
    }
    return true
}

private func isExpression(_ text: ByteText) -> Bool {
    let start = "+#./;?&=,!@|".utf8.contains(text[0]) ? 1 : 0
    return text.part(start, text.count).split(UInt8(ascii: ",")).allSatisfy(isVariable)
}

/// A name with `*` or `:` and a length up to 9999 behind it.
private func isVariable(_ text: ByteText) -> Bool {
    var name = text
    if text.count > 0 && text[text.count - 1] == UInt8(ascii: "*") {
        name = text.part(0, text.count - 1)
    } else if let colon = text.first(UInt8(ascii: ":")) {
        let length = text.part(colon + 1, text.count)
        guard (1...4).contains(length.count), length[0] != UInt8(ascii: "0"), (0..<length.count).allSatisfy({ isDigit(length[$0]) }) else {
            return false
        }
        name = text.part(0, colon)
    }
    return name.split(UInt8(ascii: ".")).allSatisfy(isVariablePart)
}

private func isVariablePart(_ text: ByteText) -> Bool {
    var at = 0
    while at < text.count {
        if text[at] == UInt8(ascii: "%") {
            guard isHexadecimal(text[at + 1]), isHexadecimal(text[at + 2]) else { return false }
            at += 3
        } else {
            guard isLetter(text[at]) || isDigit(text[at]) || text[at] == UInt8(ascii: "_") else { return false }
            at += 1
        }
    }
    return text.count > 0
}
