/// A reference cut into the file it names and the place in it (RFC 3986, section 4.1, for paths and URLs without query).
struct ReferenceURI: Hashable {
    /// Empty where the reference stays in its own file.
    let file: String
    /// Percent-decoded, without `#`.
    let fragment: String

    /// Nil where the fragment's encoding is broken.
    init?(_ text: String) {
        let cut = text.utf8.firstIndex(of: UInt8(ascii: "#"))
        file = String(text[..<(cut ?? text.endIndex)])
        guard let cut else {
            fragment = ""
            return
        }
        guard let decoded = Percent.decodeText(text[text.index(after: cut)...].utf8) else { return nil }
        fragment = decoded
    }

    /// The name of the file a reference in `base` leads to.
    static func resolve(_ target: String, from base: String) -> String {
        if target.isEmpty { return base }
        if hasScheme(target) { return target }
        let (prefix, path) = splitAuthority(base)
        if target.hasPrefix("/") { return prefix + target }
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
        return prefix + withoutDots(folder + target)
    }

    static func hasScheme(_ text: String) -> Bool {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), let first = text.utf8.first, (0x61...0x7A).contains(first | 0x20)
        else { return false }
        return text[..<colon].utf8.allSatisfy {
            (0x61...0x7A).contains($0 | 0x20) || ASCII.isDigit($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
                || $0 == UInt8(ascii: ".")
        }
    }

    /// `https://host` and the path after it; nothing and the path where there is no authority.
    private static func splitAuthority(_ text: String) -> (prefix: String, path: Substring) {
        guard hasScheme(text), let slashes = text.firstRange(of: "://") else { return ("", text[...]) }
        let rest = text[slashes.upperBound...]
        let end = rest.utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        return (String(text[..<end]), text[end...])
    }

    /// RFC 3986, section 5.2.4; leading `..` of a relative path stay.
    private static func withoutDots(_ path: some StringProtocol) -> String {
        var result: [Substring] = []
        for part in String(path).split(separator: "/", omittingEmptySubsequences: false) {
            switch part {
            case ".": continue
            case ".." where !result.isEmpty && result.last != ".." && result.last != "": result.removeLast()
            default: result.append(part)
            }
        }
        return result.joined(separator: "/")
    }
}
