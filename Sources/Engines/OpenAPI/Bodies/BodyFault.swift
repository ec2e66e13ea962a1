/// Why a body could not be read as its media type says.
struct BodyFault: Error, Hashable {
    let keyword: String
    let name: String
    /// One sentence, without the value.
    let reason: String

    init(_ reason: String) { self.init(OpenAPIIssue.Keyword.syntax, reason) }

    init(_ keyword: String, name: String = "", _ reason: String) {
        self.keyword = keyword
        self.name = name
        self.reason = reason
    }
}
