/// How strictly policies are checked against a schema.
public enum ValidationMode: Sendable, Hashable {
    /// The stable mode: types must agree, sets must not be empty, extension values come from literals.
    case strict
    /// Entity types may mix, records may differ. Sound, but experimental in the reference.
    case permissive
}

/// What validation found.
public struct ValidationResult: Sendable, Equatable {
    /// A fault or a doubtful place in one policy.
    public struct Issue: Sendable, Hashable {
        /// The rule that is broken.
        public enum Code: String, Sendable, Hashable {
            case unrecognizedEntityType, unrecognizedAction, noApplicableAction, invalidEnumeratedEntity
            case unexpectedType, incompatibleTypes, unsafeAttributeAccess, unsafeOptionalAttributeAccess
            case unsafeTagAccess, noTagsAllowed, wrongNumberOfArguments, invalidExtensionLiteral
            case extensionConstructorOnNonLiteral, emptySet, dereferenceLevelExceeded, entityLiteralDereferenced
            case impossiblePolicy, bidirectionalCharacters, mixedScripts, confusableIdentifier
        }

        /// The policy's or template's or link's id.
        public let policy: String
        /// The rule that is broken.
        public let code: Code
        /// Lower case, no full stop.
        public let message: String
        /// Where in the text; nil for policies from JSON.
        public let position: SourcePosition?
    }

    /// Faults; the set is valid where there are none.
    public internal(set) var errors: [Issue] = []
    /// Places to look at, such as a policy that can never apply.
    public internal(set) var warnings: [Issue] = []

    /// True when there is no error; warnings do not count.
    public var isValid: Bool { errors.isEmpty }
}
