/// Why a body could not be read as its media type says.
package struct BodyFault: Error, Hashable {
    /// The rule's name, one of ``OpenAPIIssue/Keyword``.
    package let keyword: String
    let name: String
    /// One sentence, without the value.
    package let reason: String

    init(_ reason: String) { self.init(OpenAPIIssue.Keyword.syntax, reason) }

    init(_ keyword: String, name: String = "", _ reason: String) {
        self.keyword = keyword
        self.name = name
        self.reason = reason
    }
}
