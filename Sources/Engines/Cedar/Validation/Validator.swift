/// Checks policies against a schema before they decide anything.
public struct Validator: Sendable {
    /// The schema.
    public let schema: Schema

    /// A validator for a schema.
    public init(schema: Schema) {
        self.schema = schema
    }

    /// Type-checks every policy and template once for each kind of request that its scope admits, and checks the links.
    ///
    /// - Parameters:
    ///   - policies: The set to check.
    ///   - mode: Strict unless there is a reason.
    ///   - maximumLevel: Entities that may be read in a row from a request (level validation); nil for any.
    public func validate(
        _ policies: PolicySet, mode: ValidationMode = .strict, maximumLevel: Int? = nil
    ) -> ValidationResult {
        var result = ValidationResult()
        for (id, policy) in policies.policies + policies.templates {
            let check = DeepStack.run(depth: policy.depth) { [schema] in
                var check = PolicyCheck(schema: schema, id: id, policy: policy, mode: mode, maximumLevel: maximumLevel)
                check.run()
                return check
            }
            result.errors += check.errors
            result.warnings += check.warnings
        }
        for link in policies.links {
            guard let template = policies.template(link.template) else { continue }
            var check = PolicyCheck(
                schema: schema, id: link.id, policy: template.linked(link.values), mode: mode, maximumLevel: nil)
            check.checkLink(Array(link.values.values))
            result.errors += check.errors
        }
        return result
    }
}
