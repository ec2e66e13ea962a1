/// One element of an XML document.
final class XMLElement {
    enum Child {
        case element(XMLElement)
        case text(String)
    }

    /// Without its prefix.
    let name: String
    fileprivate(set) var namespace: String?
    /// Names without prefix; declarations of namespaces are left out.
    fileprivate(set) var attributes: [(name: String, namespace: String?, value: String)] = []
    fileprivate(set) var children: [Child] = []

    init(name: String) { self.name = name }

    var elements: [XMLElement] {
        children.compactMap { if case .element(let element) = $0 { element } else { nil } }
    }

    /// The character data of the element itself.
    var text: String {
        children.reduce(into: "") { if case .text(let piece) = $1 { $0 += piece } }
    }
}

/// Reads XML 1.0 in UTF-8 as far as bodies need it, with namespaces.
///
/// Refuses: a document type (so there are no entities of one's own and nothing outside is ever read), other encodings, processing
/// instructions, `--` in comments, repeated attributes, undeclared prefixes, characters XML does not allow, and what exceeds the limits.
struct XMLReader {
    private let bytes: [UInt8]
    private var offset = 0
    private var elements = 0
    private let depthLimit: Int
    private let elementLimit: Int

    init(_ bytes: [UInt8], depth: Int = 64, elements: Int = 100_000) {
        self.bytes = bytes
        depthLimit = depth
        elementLimit = elements
    }

    /// The root element.
    mutating func read() throws(BodyFault) -> XMLElement {
        guard UTF8Text.validated(bytes) != nil else { throw BodyFault("the body is not UTF-8") }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
        try declaration()
        try misc()
        guard peek == UInt8(ascii: "<") else { throw BodyFault("the body has no root element") }
        let root = try element(depth: 1, scope: ["xml": "http://www.w3.org/XML/1998/namespace"])
        try misc()
        guard offset == bytes.count else { throw BodyFault("text follows the root element") }
        return root
    }

    // MARK: Around the root

    private mutating func declaration() throws(BodyFault) {
        guard bytes[offset...].starts(with: Array("<?xml".utf8)) else { return }
        guard let end = find("?>") else { throw BodyFault("the XML declaration does not end") }
        let text = ASCII.lowercased(bytes[offset..<end])
        if let encoding = text.firstRange(of: "encoding"), !text[encoding.upperBound...].contains("utf-8") {
            throw BodyFault("the XML declaration names another encoding than UTF-8")
        }
        offset = end + 2
    }

    private mutating func misc() throws(BodyFault) {
        while true {
            skipSpace()
            guard take("<!--") else { return }
            try comment()
        }
    }

    private mutating func comment() throws(BodyFault) {
        guard let end = find("--"), bytes[end...].starts(with: Array("-->".utf8)) else { throw BodyFault("a comment is malformed") }
        offset = end + 3
    }

    // MARK: Elements

    private mutating func element(depth: Int, scope outer: [String: String]) throws(BodyFault) -> XMLElement {
        elements += 1
        guard depth <= depthLimit, elements <= elementLimit else {
            throw BodyFault(OpenAPIIssue.Keyword.limit, "the body is nested too deep or has too many elements")
        }
        guard take("<") else { throw BodyFault("an element is expected") }
        let tag = try qualifiedName()
        let raw = try attributes()
        var scope = outer
        for attribute in raw {
            if attribute.name == (nil, "xmlns") { scope[""] = attribute.value }
            if attribute.name.prefix == "xmlns" { scope[attribute.name.local] = attribute.value }
        }
        let element = XMLElement(name: tag.local)
        element.namespace = try namespace(tag.prefix ?? "", scope, isDefaultAllowed: true)
        try addAttributes(raw, to: element, scope)
        if take("/>") { return element }
        guard take(">") else { throw BodyFault("a start tag is malformed") }
        try content(of: element, tag, depth, scope)
        return element
    }

    private mutating func content(
        of element: XMLElement, _ tag: (prefix: String?, local: String), _ depth: Int, _ scope: [String: String]
    ) throws(BodyFault) {
        while true {
            if take("</") {
                let end = try qualifiedName()
                skipSpace()
                guard end == tag, take(">") else { throw BodyFault("an end tag does not fit its start tag") }
                return
            }
            if take("<!--") {
                try comment()
            } else if take("<![CDATA[") {
                guard let end = find("]]>") else { throw BodyFault("a CDATA section does not end") }
                element.children.append(.text(try checked(bytes[offset..<end])))
                offset = end + 3
            } else if peek == UInt8(ascii: "<") {
                if bytes[offset...].starts(with: [0x3C, 0x21]) || bytes[offset...].starts(with: [0x3C, 0x3F]) {
                    throw BodyFault("document types and processing instructions are not allowed")
                }
                element.children.append(.element(try self.element(depth: depth + 1, scope: scope)))
            } else {
                element.children.append(.text(try characterData(until: UInt8(ascii: "<"))))
            }
        }
    }

    private mutating func attributes() throws(BodyFault) -> [(name: (prefix: String?, local: String), value: String)] {
        var result: [(name: (prefix: String?, local: String), value: String)] = []
        while true {
            let hadSpace = skipSpace()
            guard let next = peek, next != UInt8(ascii: ">"), next != UInt8(ascii: "/") else { return result }
            guard hadSpace, result.count < 256 else { throw BodyFault("a start tag is malformed") }
            let name = try qualifiedName()
            skipSpace()
            guard take("=") else { throw BodyFault("an attribute has no value") }
            skipSpace()
            guard let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
                throw BodyFault("an attribute is not in quotes")
            }
            offset += 1
            let value = try characterData(until: quote)
            offset += 1
            guard !result.contains(where: { $0.name == name }) else { throw BodyFault("an element repeats an attribute") }
            result.append((name, value))
        }
    }

    private func addAttributes(
        _ raw: [(name: (prefix: String?, local: String), value: String)], to element: XMLElement, _ scope: [String: String]
    ) throws(BodyFault) {
        for (name, value) in raw where name.prefix != "xmlns" && !(name.prefix == nil && name.local == "xmlns") {
            let space = name.prefix == nil ? nil : try namespace(name.prefix ?? "", scope, isDefaultAllowed: false)
            guard !element.attributes.contains(where: { $0.name == name.local && $0.namespace == space }) else {
                throw BodyFault("an element repeats an attribute")
            }
            element.attributes.append((name.local, space, value))
        }
    }

    private func namespace(_ prefix: String, _ scope: [String: String], isDefaultAllowed: Bool) throws(BodyFault) -> String? {
        if let space = scope[prefix] { return space.isEmpty ? nil : space }
        guard prefix.isEmpty, isDefaultAllowed else { throw BodyFault("a namespace prefix is not declared") }
        return nil
    }

    // MARK: Characters

    private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func take(_ text: StaticString) -> Bool {
        let wanted = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard unsafe bytes[offset...].starts(with: wanted) else { return false }
        offset += text.utf8CodeUnitCount
        return true
    }

    private func find(_ text: String) -> Int? {
        let needle = Array(text.utf8)
        var index = offset
        while index + needle.count <= bytes.count {
            guard let next = bytes[index...].firstIndex(of: needle[0]), next + needle.count <= bytes.count else { return nil }
            if bytes[next..<(next + needle.count)].elementsEqual(needle) { return next }
            index = next + 1
        }
        return nil
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let start = offset
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { offset += 1 }
        return offset > start
    }

    private mutating func qualifiedName() throws(BodyFault) -> (prefix: String?, local: String) {
        let run = bytes[offset...].prefix { XMLReader.isNameByte($0) }
        guard let first = run.first, !(0x30...0x39).contains(first), first != UInt8(ascii: "-"), first != UInt8(ascii: "."),
            run.count <= 512
        else {
            throw BodyFault("a name is malformed")
        }
        offset += run.count
        let parts = run.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        guard parts.count <= 2, !parts.contains("") else { throw BodyFault("a name is malformed") }
        return parts.count == 2 ? (parts[0], parts[1]) : (nil, parts[0])
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || ASCII.isDigit(byte) || byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
    }

    /// Text up to a delimiter with references resolved.
    private mutating func characterData(until end: UInt8) throws(BodyFault) -> String {
        var text: [UInt8] = []
        while let byte = peek, byte != end {
            offset += 1
            switch byte {
            case UInt8(ascii: "&"): text += Array(try reference().utf8)
            case UInt8(ascii: "<"): throw BodyFault("`<` stands in an attribute")
            default: text.append(byte)
            }
        }
        guard peek == end else { throw BodyFault("the body ends inside an element") }
        return try checked(text[...])
    }

    private mutating func reference() throws(BodyFault) -> String {
        guard let end = bytes[offset...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else { throw BodyFault("a reference is malformed") }
        let name = String(decoding: bytes[offset..<end], as: UTF8.self)
        offset = end + 1
        switch name {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        let isHex = name.hasPrefix("#x")
        let digits = name.dropFirst(isHex ? 2 : 1)
        guard name.hasPrefix("#"), digits.utf8.allSatisfy({ isHex ? Percent.hexDigit($0) != nil : ASCII.isDigit($0) }),
            let value = UInt32(digits, radix: isHex ? 16 : 10), let scalar = Unicode.Scalar(value)
        else { throw BodyFault("an entity is not one of XML's own") }
        return String(Character(scalar))
    }

    private func checked(_ text: ArraySlice<UInt8>) throws(BodyFault) -> String {
        guard text.allSatisfy({ $0 >= 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }) else {
            throw BodyFault("the body holds a character that XML does not allow")
        }
        return String(decoding: text, as: UTF8.self)
    }
}
