extension OpenAPIValidator {
    /// An operation that a request means, with the parameters of its path.
    public struct OperationMatch: Sendable {
        /// The operation.
        public let operation: OpenAPIOperation
        /// Names of the path's parameters, in the order of the path; empty for variables of a server's URL.
        public let names: [String]
        /// What they cover, still percent-encoded.
        public let captures: [ArraySlice<UInt8>]
    }

    /// The operation of a method and a raw path without query, found as ``validateHead(_:hasBody:)`` finds it.
    ///
    /// - Returns: nil where no operation fits, and for paths that two servers could read differently.
    public func operation(method: String, path: [UInt8]) -> OperationMatch? {
        do throws(RequestPath.Fault) { try RequestPath.check(path, allowsEncodedSlash: options.allowsEncodedSlash) } catch { return nil }
        guard let match = model.routes.match(path) else { return nil }
        let followsGet = method == "HEAD" && options.headFollowsGet
        guard
            let target = match.targets.first(where: { $0.method == method })
                ?? (followsGet ? match.targets.first { $0.method == "GET" } : nil)
        else { return nil }
        return OperationMatch(
            operation: model.operations[target.operation].info, names: target.names.map { $0 ?? "" }, captures: match.captures)
    }
}
