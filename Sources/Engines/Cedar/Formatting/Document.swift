/// A text with choices: groups that stand on one line where they fit, and on several where they do not.
///
/// The layout follows Wadler's algorithm in the variant of the reference's formatter, with its ways of counting.
indirect enum Document: Sendable {
    case empty
    case text(String)
    /// One after the other.
    case sequence([Document])
    /// Ends the line in any layout.
    case hardLine
    /// Ends the line, or stands for this text in a group on one line.
    case line(flat: String)
    case nest(Int, Document)
    case group(Document)

    static let space = Document.text(" ")
    static let line = Document.line(flat: " ")
    static let softLine = Document.line(flat: "")

    static func + (left: Document, right: Document) -> Document {
        switch (left, right) {
        case (.empty, _): right
        case (_, .empty): left
        default: .sequence([left, right])
        }
    }

    /// Adds at the end; long chains stay flat.
    static func += (left: inout Document, right: Document) {
        guard case .sequence(var list) = left else {
            left = left + right
            return
        }
        if case .empty = right { return }
        left = .empty
        list.append(right)
        left = .sequence(list)
    }

    func nested(_ indent: Int) -> Document {
        if case .empty = self { return self }
        return indent == 0 ? self : .nest(indent, self)
    }

    var grouped: Document {
        switch self {
        case .empty, .text, .group: self
        default: .group(self)
        }
    }

    static func joined(_ documents: [Document], _ separator: Document) -> Document {
        guard var result = documents.first else { return .empty }
        for document in documents.dropFirst() {
            result += separator
            result += document
        }
        return result
    }

    /// The text at a line width, in columns.
    func rendered(width: Int) -> String {
        var renderer = Renderer(width: width)
        renderer.render(self)
        return renderer.output
    }
}

/// Lays a document out.
private struct Renderer {
    struct Command {
        let indent: Int
        let isFlat: Bool
        let document: Document
    }

    let width: Int
    var output = ""
    private var column = 0
    private var commands: [Command] = []

    init(width: Int) {
        self.width = width
    }

    mutating func render(_ document: Document) {
        commands = [Command(indent: 0, isFlat: false, document: document)]
        while let command = commands.popLast() { render(command) }
    }

    private mutating func render(_ command: Command) {
        switch command.document {
        case .empty: break
        case .text(let text):
            output += text
            column += Self.width(of: text)
        case .sequence(let list): for document in list.reversed() { push(command, document) }
        case .hardLine: newLine(command)
        case .line(let flat):
            if command.isFlat {
                output += flat
                column += flat.utf8.count
            } else {
                newLine(command)
            }
        case .nest(let indent, let inner):
            commands.append(Command(indent: command.indent + indent, isFlat: command.isFlat, document: inner))
        case .group(let inner):
            let isFlat = command.isFlat || fits(inner)
            commands.append(Command(indent: command.indent, isFlat: isFlat, document: inner))
        }
    }

    private mutating func push(_ command: Command, _ document: Document) {
        commands.append(Command(indent: command.indent, isFlat: command.isFlat, document: document))
    }

    /// The next line is indented like what stands on it.
    private mutating func newLine(_ command: Command) {
        let indent = commands.last?.indent ?? command.indent
        output += "\n" + String(repeating: " ", count: indent)
        column = indent
    }

    /// True where a group on one line, and what follows it up to the next line end, stays within the width.
    private func fits(_ document: Document) -> Bool {
        var pending = [document]
        var position = column
        var isFlat = true
        var rest = commands.count
        while true {
            guard let next = pending.popLast() else {
                guard rest > 0 else { return true }
                rest -= 1
                isFlat = false
                pending.append(commands[rest].document)
                continue
            }
            switch next {
            case .empty: break
            case .text(let text): position += Self.width(of: text)
            case .sequence(let list): pending += list.reversed()
            case .hardLine: return !isFlat
            case .line(let flat):
                guard isFlat else { return true }
                position += flat.utf8.count
            case .nest(_, let inner), .group(let inner): pending.append(inner)
            }
            if position > width { return false }
        }
    }

    private static func width(of text: String) -> Int {
        text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.unicodeScalars.reduce(0) { $0 + DisplayWidth.of($1) }
    }
}
