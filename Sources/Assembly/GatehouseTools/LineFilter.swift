/// Reads standard input line by line and prints one line for each.
public enum LineFilter {
    /// Longest line read, in bytes; longer ones are answered as the empty line is.
    public static let longestLine = 8 << 20

    /// Answers every line of standard input until its end. Empty lines are passed over.
    public static func run(_ answer: (String) -> String) {
        while let line = readLine(strippingNewline: true) {
            if line.isEmpty { continue }
            print(answer(line.utf8.count > longestLine ? "" : line))
        }
    }
}
