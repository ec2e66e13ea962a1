/// What one header says.
public enum HeaderPolicy: Sendable, Equatable {
    /// The preset's value, merged to the stricter with the service's own.
    case preset
    /// Nothing is set or taken away.
    case off
    /// This value in place of all others.
    case text(String)
}

extension HeaderPolicy: ConfigurationScalar {
    /// `preset`, `off` or a value.
    public static var scalarForm: ScalarForm {
        ScalarForm("header value, `preset` or `off`", plural: "header values", example: "same-origin")
    }

    /// Reads a policy; any visible text is a value.
    public static func configured(_ text: String) -> HeaderPolicy? {
        switch text {
        case "preset": .preset
        case "off": .off
        default: text.isEmpty || text.utf8.contains { $0 < 32 || $0 >= 127 } ? nil : .text(text)
        }
    }

    /// The policy as it is written.
    public var configuredText: String {
        switch self {
        case .preset: "preset"
        case .off: "off"
        case .text(let text): text
        }
    }

    static let scriptRisk = Risk<HeaderPolicy>(
        "`off`, or a policy with `'unsafe-inline'` or `'unsafe-eval'`", because: "injected scripts may run in the pages"
    ) { policy in
        guard case .text(let text) = policy else { return policy == .off }
        return text.contains("'unsafe-inline'") || text.contains("'unsafe-eval'")
    }

    static func offRisk(_ why: String) -> Risk<HeaderPolicy> { Risk("`off`", because: why) { $0 == .off } }
}

/// A header field and its value.
public struct HeaderLine: Sendable, Equatable {
    /// The name.
    public var name: FieldName
    /// The value.
    public var value: String

    /// A line.
    public init(name: FieldName, value: String) {
        self.name = name
        self.value = value
    }
}
