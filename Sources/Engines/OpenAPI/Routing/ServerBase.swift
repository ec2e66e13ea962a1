/// The path part of a Server Object's URL, below which its paths lie.
enum ServerBase {
    /// The segments before a document's own paths, one way for each combination of the variables' values that `enum` lists.
    ///
    /// A variable without `enum` matches any one segment piece. At most 64 ways; nil where the URL's path cannot be read.
    static func bases(url: String, variables: [String: [String]]) -> [[PathTemplate.Segment]]? {
        var ways = [""]
        for piece in pieces(pathTemplate(of: url)) {
            let choices = piece.isVariable ? variables[piece.text] ?? ["{\(piece.text)}"] : [piece.text]
            ways = ways.flatMap { way in choices.map { way + $0 } }
            guard ways.count <= 64 else { return nil }
        }
        var result: [[PathTemplate.Segment]] = []
        for way in ways {
            let path = ReferenceURI.hasScheme(way) || way.hasPrefix("//") ? pathTemplate(of: way) : way
            let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
            guard let template = try? PathTemplate(trimmed.hasPrefix("/") ? trimmed : "/" + trimmed) else { return nil }
            result.append(trimmed.isEmpty ? [] : template.segments)
        }
        return result
    }

    /// The URL without scheme, authority, query and fragment; a variable may stand for any of them.
    private static func pathTemplate(of url: String) -> String {
        var rest = url[...]
        if let cut = rest.firstIndex(where: { $0 == "?" || $0 == "#" }) { rest = rest[..<cut] }
        if let slashes = rest.firstRange(of: "://") {
            rest = rest[slashes.upperBound...]
            rest = rest.firstIndex(of: "/").map { rest[$0...] } ?? ""
        } else if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            rest = rest.firstIndex(of: "/").map { rest[$0...] } ?? ""
        }
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        while rest.hasPrefix("../") { rest = rest.dropFirst(3) }
        return rest == "." ? "" : String(rest)
    }

    private static func pieces(_ text: String) -> [(text: String, isVariable: Bool)] {
        var result: [(text: String, isVariable: Bool)] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { result.append((String(rest[..<open]), false)) }
            result.append((String(rest[rest.index(after: open)..<close]), true))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { result.append((String(rest), false)) }
        return result
    }
}
