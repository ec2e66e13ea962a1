/// An attribute of an element. Its name is a literal of the source; its value is escaped.
///
/// Addresses are a type of their own, so that no `javascript:` can get in; attributes that hold scripts or styles are not offered.
public struct HTMLAttribute: Sendable {
    private let name: StaticString
    private let value: String?

    /// An attribute by its name.
    ///
    /// Refuses: names that hold a script, a style or an address, with a trap, since they stand in the source.
    public init(_ name: StaticString, _ value: String) {
        let text = name.description
        precondition(!text.hasPrefix("on") && !["style", "href", "src", "action", "formaction", "srcdoc"].contains(text))
        self.init(unchecked: name, value)
    }

    private init(unchecked name: StaticString, _ value: String?) {
        self.name = name
        self.value = value
    }

    func write(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: " "))
        bytes += name.description.utf8
        guard let value else { return }
        bytes += "=\"".utf8
        Escaping.write(value, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// An attribute that is there or not, such as `required`.
    public static func flag(_ name: StaticString) -> HTMLAttribute { HTMLAttribute(unchecked: name, nil) }
    /// `class`.
    public static func `class`(_ names: String) -> HTMLAttribute { HTMLAttribute("class", names) }
    /// `id`.
    public static func id(_ id: String) -> HTMLAttribute { HTMLAttribute("id", id) }
    /// `name`.
    public static func name(_ name: String) -> HTMLAttribute { HTMLAttribute("name", name) }
    /// `value`.
    public static func value(_ value: String) -> HTMLAttribute { HTMLAttribute("value", value) }
    /// `type`.
    public static func type(_ type: String) -> HTMLAttribute { HTMLAttribute("type", type) }
    /// `href`.
    public static func href(_ address: WebAddress) -> HTMLAttribute { HTMLAttribute(unchecked: "href", address.text) }
    /// `src`.
    public static func src(_ address: WebAddress) -> HTMLAttribute { HTMLAttribute(unchecked: "src", address.text) }
    /// `action`.
    public static func action(_ address: WebAddress) -> HTMLAttribute { HTMLAttribute(unchecked: "action", address.text) }
}

/// An address that a page may link to: a path of this site, or `https`, `http` and `mailto`.
public struct WebAddress: Sendable, Hashable {
    /// The address.
    public let text: String

    /// An address; nil for any other scheme, and for `//host`, which leads elsewhere.
    public init?(_ text: String) {
        let isPath = text.hasPrefix("/") && !text.hasPrefix("//") && !text.hasPrefix("/\\")
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard isPath || ["https", "http", "mailto"].contains(scheme), text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
        self.text = text
    }

    private init(trusted text: String) { self.text = text }

    /// A path of this site that stands in the source, behind the site's own prefix.
    ///
    /// - Parameter prefix: empty, or a path without a slash at its end.
    public static func path(_ prefix: String, _ path: StaticString) -> WebAddress {
        precondition(path.description.hasPrefix("/") && !path.description.hasPrefix("//"))
        return WebAddress(trusted: prefix + path.description)
    }

    /// A place on the page itself, by its id.
    public static func fragment(_ id: StaticString) -> WebAddress { WebAddress(trusted: "#" + id.description) }

    /// The same with a query parameter more; the value is percent-encoded.
    public func adding(_ name: StaticString, _ value: String) -> WebAddress {
        let mark = text.contains("?") ? "&" : "?"
        return WebAddress(trusted: text + mark + name.description + "=" + Self.encoded(value))
    }

    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            let isLetter = (0x41...0x5A).contains(byte & 0xDF) && byte < 0x80
            if isLetter || (0x30...0x39).contains(byte) || "-._~".utf8.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
