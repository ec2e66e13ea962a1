/// What grading needs of a page: its scripts, and the headers that it states itself.
struct PageElements {
    /// A script with a source.
    struct Script: Equatable {
        var source: String
        var integrity: String
    }

    /// Scripts with a source.
    var scripts: [Script] = []
    /// How many script elements there are, with a source or without.
    var scriptCount = 0
    /// `<meta http-equiv>`: name in lower case and content.
    var equivalents: [(name: String, content: String)] = []

    /// Reads a page the way browsers cut it into tags (HTML, section 13.2.5, without what scripts would add). Limit: 4 MiB.
    init(_ html: String) {
        var rest = Array(html.utf8.prefix(4 << 20))[...]
        while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = rest[(open + 1)...]
            if rest.starts(with: "!--".utf8) {
                rest = Self.after("-->", in: rest)
            } else if let tag = Self.readTag(&rest) {
                take(tag)
                if ["script", "style", "textarea", "title", "template", "noscript"].contains(tag.name), tag.name != "noscript",
                    tag.name != "template"
                {
                    rest = Self.after("</" + tag.name, in: rest)
                }
            }
        }
    }

    private mutating func take(_ tag: Tag) {
        switch tag.name {
        case "script":
            scriptCount += 1
            if let source = tag.attributes["src"], !source.isEmpty {
                scripts.append(Script(source: source, integrity: tag.attributes["integrity"] ?? ""))
            }
        case "meta":
            if let name = tag.attributes["http-equiv"] { equivalents.append((name.lowercased(), tag.attributes["content"] ?? "")) }
        default: break
        }
    }

    private struct Tag {
        var name: String
        var attributes: [String: String]
    }

    /// Reads a start tag behind its `<`; `nil` for end tags and what is no tag.
    private static func readTag(_ rest: inout ArraySlice<UInt8>) -> Tag? {
        let name = take(&rest) { isLetter($0) || $0 &- 0x30 < 10 || $0 == 0x2D }
        guard let first = name.first, isLetter(first) else { return nil }
        var tag = Tag(name: text(name).lowercased(), attributes: [:])
        while true {
            _ = take(&rest) { isBlank($0) || $0 == UInt8(ascii: "/") }
            guard let next = rest.first else { return tag }
            if next == UInt8(ascii: ">") {
                rest.removeFirst()
                return tag
            }
            let key = take(&rest) { !isBlank($0) && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") }
            if key.isEmpty { rest.removeFirst() }
            _ = take(&rest, while: isBlank)
            guard rest.first == UInt8(ascii: "=") else {
                add(key, "", to: &tag)
                continue
            }
            rest.removeFirst()
            _ = take(&rest, while: isBlank)
            add(key, value(&rest), to: &tag)
        }
    }

    private static func value(_ rest: inout ArraySlice<UInt8>) -> String {
        if let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            rest.removeFirst()
            let value = take(&rest) { $0 != quote }
            rest = rest.dropFirst()
            return decoded(text(value))
        }
        return decoded(text(take(&rest) { !isBlank($0) && $0 != UInt8(ascii: ">") }))
    }

    /// The first of two attributes of one name counts.
    private static func add(_ key: ArraySlice<UInt8>, _ value: String, to tag: inout Tag) {
        let name = text(key).lowercased()
        if tag.attributes[name] == nil { tag.attributes[name] = value }
    }

    private static func after(_ end: String, in rest: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let wanted = Array(end.utf8)
        var index = rest.startIndex
        while index + wanted.count <= rest.endIndex {
            if rest[index..<(index + wanted.count)].lazy.map({ $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }).elementsEqual(wanted) {
                return rest[(index + wanted.count)...]
            }
            index += 1
        }
        return []
    }

    private static func take(_ rest: inout ArraySlice<UInt8>, while isWanted: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let taken = rest.prefix(while: isWanted)
        rest = rest[taken.endIndex...]
        return taken
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func decoded(_ text: String) -> String {
        text.contains("&") ? text.replacing("&quot;", with: "\"").replacing("&#39;", with: "'").replacing("&amp;", with: "&") : text
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
