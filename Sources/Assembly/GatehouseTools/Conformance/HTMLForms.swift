/// The forms of a page, read as forgivingly as browsers do, for a runner that fills them in.
struct HTMLForm: Sendable {
    /// A field or button.
    struct Control: Sendable {
        var tag: String
        var attributes: [String: String]

        var name: String? { attributes["name"] }
        var isButton: Bool { tag == "button" || ["submit", "image"].contains(attributes["type"] ?? "") }
        var isSent: Bool {
            guard !isButton, attributes["disabled"] == nil else { return false }
            return !["checkbox", "radio"].contains(attributes["type"] ?? "") || attributes["checked"] != nil
        }
    }

    var attributes: [String: String]
    var controls: [Control]

    /// Where it is sent; empty for the page itself.
    var action: String { attributes["action"] ?? "" }
    var isPost: Bool { attributes["method"]?.lowercased() == "post" }

    /// What a browser would send if nobody typed anything.
    var values: [String: String] {
        var found: [String: String] = [:]
        for control in controls where control.isSent {
            guard let name = control.name else { continue }
            let isBox = ["checkbox", "radio"].contains(control.attributes["type"] ?? "")
            found[name] = control.attributes["value"] ?? (isBox ? "on" : "")
        }
        return found
    }

    /// All forms of a page.
    static func all(in page: String) -> [HTMLForm] {
        var forms: [HTMLForm] = []
        var isOpen = false
        for (tag, attributes) in HTMLTags.read(page) {
            switch tag {
            case "form":
                forms.append(HTMLForm(attributes: attributes, controls: []))
                isOpen = true
            case "/form": isOpen = false
            case "input", "button", "textarea", "select":
                if isOpen { forms[forms.count - 1].controls.append(Control(tag: tag, attributes: attributes)) }
            default: continue
            }
        }
        return forms
    }
}

/// Tags with their attributes.
enum HTMLTags {
    static func read(_ page: String) -> [(tag: String, attributes: [String: String])] {
        var tags: [(String, [String: String])] = []
        let bytes = Array(page.utf8)
        var place = 0
        while let open = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
            place = open + 1
            guard place < bytes.count, bytes[place] == UInt8(ascii: "/") || isLetter(bytes[place]) else { continue }
            let name = word(bytes, &place) { isLetter($0) || $0 == UInt8(ascii: "/") || (0x30...0x39).contains($0) }
            tags.append((name.lowercased(), attributes(bytes, &place)))
        }
        return tags
    }

    private static func attributes(_ bytes: [UInt8], _ place: inout Int) -> [String: String] {
        var found: [String: String] = [:]
        while place < bytes.count, bytes[place] != UInt8(ascii: ">") {
            guard !isBlank(bytes[place]), bytes[place] != UInt8(ascii: "/") else {
                place += 1
                continue
            }
            let name = word(bytes, &place) { !isBlank($0) && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") }
            guard !name.isEmpty else {
                place += 1
                continue
            }
            found[name.lowercased()] = value(bytes, &place)
        }
        return found
    }

    private static func value(_ bytes: [UInt8], _ place: inout Int) -> String {
        guard place < bytes.count, bytes[place] == UInt8(ascii: "=") else { return "" }
        place += 1
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") || bytes[place] == UInt8(ascii: "'") else {
            return unescaped(word(bytes, &place) { !isBlank($0) && $0 != UInt8(ascii: ">") })
        }
        let quote = bytes[place]
        place += 1
        let text = word(bytes, &place) { $0 != quote }
        place += 1
        return unescaped(text)
    }

    private static func word(_ bytes: [UInt8], _ place: inout Int, _ belongs: (UInt8) -> Bool) -> String {
        let start = place
        while place < bytes.count, belongs(bytes[place]) { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        let names = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        var result = ""
        var rest = Substring(text)
        while let mark = rest.firstIndex(of: "&") {
            result += rest[..<mark]
            rest = rest[mark...]
            let name = rest.dropFirst().prefix { $0 != ";" }
            let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
            if rest.dropFirst(name.count + 1).first == ";", name.count < 10,
                let known = names[String(name)] ?? number.flatMap(UnicodeScalar.init).map({ String($0) })
            {
                result += known
                rest = rest.dropFirst(name.count + 2)
            } else {
                result += "&"
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
