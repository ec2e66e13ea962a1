/// A place in a file.
public struct SourcePlace: Sendable, Hashable, CustomStringConvertible {
    /// The file as the user named it.
    public let file: String
    /// Where in it.
    public let span: SourceSpan

    /// `FILE:LINE`.
    public var description: String { "\(file):\(span.line)" }
}

/// What is wrong with a configuration, and where.
public struct Diagnostic: Sendable, Equatable {
    /// How bad it is.
    public enum Severity: String, Sendable {
        /// The file is not used.
        case error
        /// The file is used.
        case warning
    }

    /// How bad it is.
    public let severity: Severity
    /// What is wrong: lower case, the user's text in backticks.
    public let message: String
    /// Where.
    public let place: SourcePlace
    /// The key path, such as `services[0].upstreem`; empty at the top.
    public let path: String
    /// What to do about it, a line each.
    public let help: [String]
    /// False where the source line may hold a secret and is not shown.
    public let showsSource: Bool
}

/// Why a configuration was not taken into use: at least one error, in the order of the file.
public struct ConfigurationFailure: Error, Sendable {
    /// Errors and warnings.
    public let diagnostics: [Diagnostic]
    /// The file and every file that it was found to name: a change of one of them is worth another attempt.
    public let files: [TrackedFile]
    /// The text of the files that they point into.
    let sources: [String: String]

    /// Every diagnostic with its source line and a caret; closes with their number.
    public var report: String {
        let errors = diagnostics.count { $0.severity == .error }
        return diagnostics.prefix(50).map { $0.printed(with: sources) }.joined(separator: "\n")
            + "\n\(errors) error\(errors == 1 ? "" : "s")\(diagnostics.count > 50 ? ", of which the first are shown" : "")\n"
    }
}

extension Diagnostic {
    /// The diagnostic with its source line and a caret.
    ///
    /// - Parameter sources: the text of each file by its name.
    public func printed(with sources: [String: String]) -> String {
        var lines = ["\(severity.rawValue): \(message)", "  --> \(place.file):\(place.span.line):\(place.span.column)"]
        if showsSource, let line = sources[place.file]?.line(place.span.line), !line.isEmpty {
            let number = String(place.span.line)
            let margin = String(repeating: " ", count: number.count)
            let shown = String(line.unicodeScalars.prefix(200).map { $0.value < 32 || $0.value == 127 ? " " : Character($0) })
            let column = min(place.span.column, shown.unicodeScalars.count + 1)
            let length = max(1, min(place.span.length, shown.unicodeScalars.count - column + 1))
            lines.append(" \(margin) |")
            lines.append(" \(number) | \(shown)")
            lines.append(" \(margin) | " + String(repeating: " ", count: column - 1) + String(repeating: "^", count: length))
        }
        if !path.isEmpty { lines.append("  at: \(path)") }
        lines += help.map { "  help: \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension String {
    /// A line by its number from 1, without its break.
    fileprivate func line(_ number: Int) -> String? {
        let lines = split(separator: "\n", maxSplits: number, omittingEmptySubsequences: false)
        guard (1...lines.count).contains(number) else { return nil }
        return String(lines[number - 1].hasSuffix("\r") ? lines[number - 1].dropLast() : lines[number - 1])
    }
}
