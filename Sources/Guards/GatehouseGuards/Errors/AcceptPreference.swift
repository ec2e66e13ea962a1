/// What an Accept field prefers (RFC 9110, section 12.5.1).
enum AcceptPreference {
    /// True when HTML is named and no document type of ours is liked as much by name.
    static func prefersHTML(_ values: [String]) -> Bool {
        var html = 0.0
        var named = 0.0
        var ranges = 0.0
        for element in values.flatMap({ $0.split(separator: ",") }).prefix(64) {
            let parts = element.split(separator: ";").map { trimmedText(String($0)).lowercased() }
            guard let type = parts.first else { continue }
            let quality = quality(of: parts.dropFirst())
            switch type {
            case "text/html", "application/xhtml+xml": html = max(html, quality)
            case "application/problem+json", "application/json": named = max(named, quality)
            case "application/*", "*/*": ranges = max(ranges, quality)
            default: break
            }
        }
        return html > 0 && html > named && html >= ranges
    }

    private static func quality(of parameters: ArraySlice<String>) -> Double {
        guard let text = parameters.first(where: { $0.hasPrefix("q=") })?.dropFirst(2) else { return 1 }
        guard let value = Double(text), (0...1).contains(value) else { return 0 }
        return value
    }
}
