public import GatehouseCore
public import HTTPWire
internal import StrictJSON

/// Writes an error of ours for the caller: a problem document (RFC 9457), or a small page for browsers.
///
/// The outside learns what the problem says and the incident id, nothing else. The page loads nothing and runs nothing.
public struct ProblemRenderer: Sendable {
    private let typeBase: String?
    private let offersHTML: Bool

    /// A renderer.
    ///
    /// - Parameters:
    ///   - typeBase: base of `type` for problems that name none, such as `https://example.com/problems/`; `nil`: `about:blank`.
    ///   - offersHTML: false sends documents to browsers too.
    public init(typeBase: String? = nil, offersHTML: Bool = true) {
        self.typeBase = typeBase
        self.offersHTML = offersHTML
    }

    /// The fields and body of an answer with a problem.
    ///
    /// - Parameters:
    ///   - problem: what the caller may learn.
    ///   - incident: the id under which the log has everything.
    ///   - request: the request, whose Accept decides between document and page.
    public func render(_ problem: Problem, incident: IncidentID, request: RequestHead) -> RenderedProblem {
        let prefersHTML = offersHTML && AcceptPreference.prefersHTML(request.fields.values(of: .accept))
        let body = prefersHTML ? page(problem, incident) : document(problem, incident)
        return RenderedProblem(
            mediaType: prefersHTML ? "text/html; charset=utf-8" : "application/problem+json",
            variesByAccept: offersHTML, body: body)
    }

    private func type(of problem: Problem) -> String {
        guard problem.type == "about:blank", let typeBase else { return problem.type }
        return typeBase.hasSuffix("/") ? typeBase + String(problem.status) : typeBase + "/" + String(problem.status)
    }

    private func document(_ problem: Problem, _ incident: IncidentID) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("type")
        writer.write(type(of: problem))
        writer.key("title")
        writer.write(problem.title)
        writer.key("status")
        writer.write(problem.status)
        if let detail = problem.detail {
            writer.key("detail")
            writer.write(detail)
        }
        writer.key("instance")
        writer.write(incident.urn)
        writer.key("incident")
        writer.write(incident.description)
        if !problem.errors.isEmpty { write(problem.errors, to: &writer) }
        writer.endObject()
        return writer.bytes
    }

    private func write(_ errors: [Problem.Violation], to writer: inout JSONWriter) {
        writer.key("errors")
        writer.beginArray()
        for error in errors {
            writer.beginObject()
            for (key, value) in [
                ("location", error.location), ("pointer", error.pointer), ("keyword", error.keyword), ("detail", error.message),
            ] {
                writer.key(key)
                writer.write(value)
            }
            writer.endObject()
        }
        writer.endArray()
    }

    private func page(_ problem: Problem, _ incident: IncidentID) -> [UInt8] {
        let title = escaped("\(problem.status) \(problem.title)")
        var lines = [
            "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
            "<meta name=\"viewport\" content=\"width=device-width\">", "<meta name=\"color-scheme\" content=\"light dark\">",
            "<title>\(title)</title>", "</head>", "<body>", "<h1>\(title)</h1>",
        ]
        if let detail = problem.detail { lines.append("<p>\(escaped(detail))</p>") }
        lines.append("<p>If you report this, please name the incident <code>\(incident)</code>.</p>")
        lines += ["</body>", "</html>", ""]
        return Array(lines.joined(separator: "\n").utf8)
    }

    private func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.append(character)
            }
        }
    }
}

/// An answer with a problem, ready to be sent.
public struct RenderedProblem: Sendable {
    /// `application/problem+json` or `text/html; charset=utf-8`.
    public var mediaType: String
    /// True when another `Accept` could have got another body.
    public var variesByAccept: Bool
    /// The body.
    public var body: [UInt8]

    /// The fields that belong to the body; names are in lower case.
    public var fields: [(name: String, value: String)] {
        [("content-type", mediaType), ("cache-control", "no-store")] + (variesByAccept ? [("vary", "accept")] : [])
    }
}

extension IncidentID {
    /// The same bits as a `urn:uuid:` (RFC 9562), for `instance`.
    var urn: String {
        var text = "urn:uuid:"
        for (index, digit) in description.enumerated() {
            if [8, 12, 16, 20].contains(index) { text += "-" }
            text.append(digit)
        }
        return text
    }
}
