/// One directive of rule text: its name and its arguments, each with its place.
struct Directive: Sendable {
    struct Argument: Sendable {
        var text: String
        /// The place of each byte of `text` in the logical line.
        var offsets: [Int]
    }

    var name: String
    var arguments: [Argument]
    fileprivate let line: LogicalLine

    /// The place of the directive's name.
    var location: SourceLocation { line.location(of: line.start) }

    /// The place of a byte of an argument; of the directive where there is no such argument.
    func location(argument: Int, offset: Int = 0) -> SourceLocation {
        guard arguments.indices.contains(argument) else { return location }
        let offsets = arguments[argument].offsets
        return line.location(of: offset < offsets.count ? offsets[offset] : (offsets.last ?? line.start))
    }
}

/// Cuts rule text into directives, as Apache reads its configuration.
///
/// A backslash at the end of a line joins it with the next; lines that begin with `#` are comments; arguments are divided by white space
/// and may be quoted, where `\"` stands for the quote and `\\` for a backslash.
struct DirectiveReader {
    /// No line may be longer, joined with those it continues on.
    static let lineLimit = 1_048_576

    private let file: String
    private let bytes: [UInt8]
    private var position = 0
    private var lineNumber = 0

    init(text: [UInt8], file: String) {
        self.bytes = text
        self.file = file
    }

    /// The next directive; nil at the end.
    ///
    /// - Throws: `SecLangError` for a quote that is not closed, bytes that are not UTF-8 and lines over the limit.
    mutating func next() throws(SecLangError) -> Directive? {
        while position < bytes.count {
            let line = try logicalLine()
            guard line.start < line.bytes.count, line.bytes[line.start] != UInt8(ascii: "#") else { continue }
            return try directive(line)
        }
        return nil
    }

    private mutating func logicalLine() throws(SecLangError) -> LogicalLine {
        var line = LogicalLine(file: file)
        while position < bytes.count {
            lineNumber += 1
            var end = position
            while end < bytes.count, bytes[end] != 10 { end += 1 }
            var content = position..<end
            if content.last.map({ bytes[$0] == 13 }) ?? false { content = position..<(end - 1) }
            position = end + 1
            let continues = content.last.map { bytes[$0] == UInt8(ascii: "\\") } ?? false
            if continues { content = content.lowerBound..<(content.upperBound - 1) }
            line.append(bytes[content], lineNumber: lineNumber)
            guard line.bytes.count <= Self.lineLimit else {
                throw SecLangError("line is longer than \(Self.lineLimit) bytes", at: line.location(of: 0))
            }
            if !continues { break }
        }
        line.skipLeadingSpace()
        return line
    }

    private func directive(_ line: LogicalLine) throws(SecLangError) -> Directive {
        var words: [Directive.Argument] = []
        var index = line.start
        while true {
            while index < line.bytes.count, isSpace(line.bytes[index]) { index += 1 }
            guard index < line.bytes.count else { break }
            words.append(try word(line, &index))
        }
        return Directive(name: words[0].text, arguments: Array(words.dropFirst()), line: line)
    }

    private func word(_ line: LogicalLine, _ index: inout Int) throws(SecLangError) -> Directive.Argument {
        let bytes = line.bytes
        let start = index
        let quote: UInt8? = bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") ? bytes[index] : nil
        if quote != nil { index += 1 }
        var text: [UInt8] = []
        var offsets: [Int] = []
        while index < bytes.count, quote != nil ? bytes[index] != quote : !isSpace(bytes[index]) {
            if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count,
                bytes[index + 1] == UInt8(ascii: "\\") || bytes[index + 1] == quote
            {
                index += 1
            }
            text.append(bytes[index])
            offsets.append(index)
            index += 1
        }
        if quote != nil {
            guard index < bytes.count else { throw SecLangError("quote is not closed", at: line.location(of: start)) }
            index += 1
        }
        guard let string = String(validating: text, as: UTF8.self) else {
            throw SecLangError("text is not UTF-8", at: line.location(of: start))
        }
        return Directive.Argument(text: string, offsets: offsets.isEmpty ? [start] : offsets)
    }
}

/// A line joined with those it continues on.
private struct LogicalLine: Sendable {
    let file: String
    var bytes: [UInt8] = []
    /// Where the first byte that is not white space stands.
    var start = 0
    private var pieces: [(offset: Int, line: Int)] = []

    init(file: String) { self.file = file }

    mutating func append(_ content: ArraySlice<UInt8>, lineNumber: Int) {
        pieces.append((bytes.count, lineNumber))
        bytes += content
    }

    mutating func skipLeadingSpace() {
        while start < bytes.count, isSpace(bytes[start]) { start += 1 }
    }

    func location(of offset: Int) -> SourceLocation {
        let piece = pieces.last { $0.offset <= offset } ?? (0, 1)
        return SourceLocation(file: file, line: piece.line, column: offset - piece.offset + 1)
    }
}
