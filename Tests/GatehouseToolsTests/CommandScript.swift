import Foundation
import Testing

/// A text of files, commands and what they answer.
///
/// `-- NAME --` begins a file, which goes on to the next such line or the first command. `$ gatehouse …` is a command; the lines behind it
/// up to the next command or file are its standard output, then its standard error, then `[exit N]` where N is not 0. `#` begins a
/// comment between them. Blank lines at the end of an answer do not count.
struct CommandScript {
    enum Step: Equatable {
        case file(name: String, text: String)
        case command(words: [String], answer: String, line: Int)
    }

    var steps: [Step] = []

    init(_ text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { (number: $0 + 1, text: String($1)) }[
            ...]
        while let line = lines.popFirst() {
            if let name = Self.fileName(line.text) {
                steps.append(.file(name: name, text: Self.take(&lines).map { $0 + "\n" }.joined()))
            } else if line.text.hasPrefix("$ ") {
                let answer = Self.take(&lines).joined(separator: "\n")
                steps.append(.command(words: Self.words(line.text.dropFirst(2)), answer: Self.trimmed(answer), line: line.number))
            }
        }
    }

    /// The script with other answers, comments and files as they were.
    static func rewritten(_ text: String, answers: [String]) -> String {
        var answers = answers[...]
        var result: [String] = []
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { (number: $0, text: String($1)) }[...]
        while let line = lines.popFirst() {
            result.append(line.text)
            guard line.text.hasPrefix("$ ") else { continue }
            _ = take(&lines)
            result += [answers.popFirst() ?? "", ""].filter { $0 != "" || lines.first != nil }
        }
        return result.joined(separator: "\n") + (result.last == "" ? "" : "\n")
    }

    /// The answer of a command as a script would hold it.
    static func answer(output: String, complaint: String, status: Int32) -> String {
        trimmed(output + complaint + (status == 0 ? "" : "[exit \(status)]"))
    }

    private static func take(_ lines: inout ArraySlice<(number: Int, text: String)>) -> [String] {
        let body = lines.prefix { !$0.text.hasPrefix("$ ") && fileName($0.text) == nil && !$0.text.hasPrefix("## ") }
        lines = lines.dropFirst(body.count)
        return body.map(\.text)
    }

    private static func fileName(_ line: String) -> String? {
        guard line.hasPrefix("-- "), line.hasSuffix(" --"), line.count > 6 else { return nil }
        return String(line.dropFirst(3).dropLast(3))
    }

    private static func words(_ line: Substring) -> [String] { line.split(separator: " ").map(String.init) }

    private static func trimmed(_ text: String) -> String {
        var rest = text[...]
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
