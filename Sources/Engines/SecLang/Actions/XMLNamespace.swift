/// `xmlns:prefix=uri`: a prefix for the XPath expressions of the rule's XML targets.
enum XMLNamespaceAction: ActionKeyword {
    static let name = "xmlns"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        let (prefix, uri) = try assignment(parameter)
        list.namespaces[prefix] = uri
    }
}
