public import StrictJSON

/// The output formats of the standard (2020-12 §12.4) for machines.
public enum SchemaOutput: String, Sendable, CaseIterable {
    /// Only `valid`.
    case flag
    /// `valid` and a flat list of errors.
    case basic
    /// `valid` and errors that hold their causes.
    case detailed
}

extension JSONSchema {
    /// Validates and gives the result in an output format of the standard.
    ///
    /// - Parameter limit: Errors after which the search ends; 16.
    public func output(_ format: SchemaOutput, for value: JSONNode, limit: Int = 16) -> JSONValue {
        guard format != .flag else { return ["valid": .bool(isValid(value))] }
        let errors = errors(in: value, limit: limit)
        guard !errors.isEmpty else { return ["valid": true] }
        let list = format == .basic ? errors.flatMap(\.flattened).map(\.unit) : errors.map(\.detailed)
        return ["valid": false, "errors": .array(list)]
    }
}

extension ValidationError {
    /// The error and all its causes, without their nesting.
    public var flattened: [ValidationError] { [self] + causes.flatMap(\.flattened) }

    /// One output unit without causes.
    var unit: JSONValue {
        [
            "valid": false, "keywordLocation": .string(keywordLocation), "absoluteKeywordLocation": .string(absoluteKeywordLocation),
            "instanceLocation": .string(instanceLocation.description), "error": .string(message),
        ]
    }

    /// The output unit with its causes inside.
    var detailed: JSONValue {
        var unit = unit
        if !causes.isEmpty { unit["errors"] = .array(causes.map(\.detailed)) }
        return unit
    }
}
