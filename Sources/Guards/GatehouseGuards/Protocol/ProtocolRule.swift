/// What hygiene refuses; the raw value is the rule's name in events.
enum ProtocolRule: String, Sendable, CaseIterable {
    /// Both Content-Length and Transfer-Encoding; only where the reader lets that through for the guard to report.
    case bothLengths = "length_and_encoding"
    /// A method that the route does not take.
    case method
    /// `.` or `..` as a path segment, plain or before a path parameter (`..;x`).
    case dotSegment = "dot_segment"
    /// The same, escaped (`%2e%2e`, `.%2e`).
    case encodedDotSegment = "encoded_dot_segment"
    /// `//`, which some read as one slash. Made one; not refused.
    case emptySegment = "empty_segment"
    /// `%2f` or `%5c`, which some read as a border of segments.
    case encodedSlash = "encoded_slash"
    /// A backslash, which some read as a slash.
    case backslash
    /// `%00`, where some stop reading.
    case encodedNul = "encoded_nul"
    /// Another escaped control character in the path.
    case encodedControl = "encoded_control"
    /// `%` without two hexadecimal digits, `%u0041` too.
    case badEscape = "bad_escape"
    /// `%25` in front of what would be an escape of a slash, a dot, a backslash, a percent sign or NUL.
    case doubleEscape = "double_escape"
    /// UTF-8 that is longer than it need be, in which slashes and dots hide.
    case overlongUTF8 = "overlong_utf8"
    /// A path that is no UTF-8 at all.
    case badUTF8 = "bad_utf8"
    /// A field name with an underscore, which CGI and WSGI read as a dash.
    case underscore = "underscore_field"
    /// A field name with other marks that CGI reads as those of a field that proxies set.
    case alias = "field_alias"
    /// A field that may be there once, twice.
    case duplicateField = "duplicate_field"
    /// A field that would change the method behind us.
    case methodOverride = "method_override"
    /// A field that would change the target behind us.
    case targetOverride = "target_override"
    /// `Proxy`, which CGI turns into the variable `HTTP_PROXY` (CVE-2016-5385).
    case httpoxy
    /// More ranges than anyone needs, or ranges that overlap (CVE-2011-3192).
    case range
    /// A Content-Type of two media types.
    case contentType = "content_type"
    /// A body with GET or HEAD, which has no meaning and which some leave for the next request.
    case strayBody = "stray_body"
}

/// A rule that was broken, and how.
struct ProtocolFinding: Error, Sendable {
    let rule: ProtocolRule
    let reason: String

    init(_ rule: ProtocolRule, _ reason: String) {
        self.rule = rule
        self.reason = reason
    }
}
