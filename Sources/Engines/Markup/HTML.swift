/// A piece of an HTML document as a value (HTML Living Standard, section 13.3). Text becomes markup in one way only: escaped.
///
/// Names of elements and attributes are literals of the source, so nothing from outside can become one. There is no way to put in text that
/// is markup already.
///
///     element("p", .class("note")) { "Hello, \(name)" }
public struct HTML: Sendable {
    private indirect enum Node: Sendable {
        case text(String)
        case element(StaticString, [HTMLAttribute], [HTML])
        case group([HTML])
    }

    private let node: Node

    /// Text, escaped.
    public init(_ text: String) { node = .text(text) }

    /// Pieces one after another.
    public init(_ pieces: [HTML]) { node = .group(pieces) }

    /// Nothing.
    public static let empty = HTML([HTML]())

    init(element name: StaticString, _ attributes: [HTMLAttribute], _ content: [HTML]) {
        node = .element(name, attributes, content)
    }

    /// The whole document as bytes: the doctype and this element.
    public var document: [UInt8] {
        var bytes = Array("<!doctype html>\n".utf8)
        write(to: &bytes)
        return bytes
    }

    /// The piece as text.
    public var text: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(to bytes: inout [UInt8]) {
        switch node {
        case .text(let text): Escaping.write(text, to: &bytes)
        case .group(let pieces): for piece in pieces { piece.write(to: &bytes) }
        case .element(let name, let attributes, let content):
            bytes.append(UInt8(ascii: "<"))
            bytes += name.description.utf8
            for attribute in attributes { attribute.write(to: &bytes) }
            bytes.append(UInt8(ascii: ">"))
            guard !Self.isVoid(name) else { return }
            for piece in content { piece.write(to: &bytes) }
            bytes += "</".utf8
            bytes += name.description.utf8
            bytes.append(UInt8(ascii: ">"))
        }
    }

    /// Elements without content (section 13.1.2).
    private static func isVoid(_ name: StaticString) -> Bool {
        ["br", "hr", "img", "input", "link", "meta", "source", "wbr"].contains(name.description)
    }
}

extension HTML: ExpressibleByStringInterpolation {
    /// Text, escaped.
    public init(stringLiteral value: String) { self.init(value) }
}

/// An element with its content.
public func element(_ name: StaticString, _ attributes: HTMLAttribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML(element: name, attributes, [content()])
}

/// An element whose attributes are made elsewhere.
public func element(_ name: StaticString, attributes: [HTMLAttribute], @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML(element: name, attributes, [content()])
}

/// Joins the pieces that stand one below the other.
@resultBuilder
public enum HTMLBuilder {
    /// A piece as it is.
    public static func buildExpression(_ piece: HTML) -> [HTML] { [piece] }
    /// Text, escaped.
    public static func buildExpression(_ text: String) -> [HTML] { [HTML(text)] }
    /// Pieces made by a loop elsewhere.
    public static func buildExpression(_ pieces: [HTML]) -> [HTML] { pieces }
    /// One below the other.
    public static func buildBlock(_ pieces: [HTML]...) -> [HTML] { pieces.flatMap { $0 } }
    /// The pieces of a condition, if it holds.
    public static func buildOptional(_ pieces: [HTML]?) -> [HTML] { pieces ?? [] }
    /// The first branch.
    public static func buildEither(first pieces: [HTML]) -> [HTML] { pieces }
    /// The other branch.
    public static func buildEither(second pieces: [HTML]) -> [HTML] { pieces }
    /// The pieces of a loop.
    public static func buildArray(_ pieces: [[HTML]]) -> [HTML] { pieces.flatMap { $0 } }
    /// The whole.
    public static func buildFinalResult(_ pieces: [HTML]) -> HTML { HTML(pieces) }
}

enum Escaping {
    /// Text for content and for quoted attributes alike; control characters other than line ends and tabs are left out.
    static func write(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "\""): bytes += "&quot;".utf8
            case UInt8(ascii: "'"): bytes += "&#39;".utf8
            case 0x00..<0x09, 0x0B, 0x0C, 0x0E..<0x20, 0x7F: continue
            default: bytes.append(byte)
            }
        }
    }
}
