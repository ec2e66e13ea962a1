/// Compiles any pattern and matches it with any text; must return for every input.
///
/// The engines must agree on patterns that all of them can run; a difference stops the program.
package func fuzzECMARegex(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let cut = text.index(text.startIndex, offsetBy: text.count / 2)
    let (pattern, subject) = (String(text[..<cut]), String(text[cut...]))
    _ = try? ECMARegex.check(pattern)
    guard let regex = try? ECMARegex(pattern, stepLimit: 10_000), regex.isAutomaton else { return }
    // An empty look-ahead changes nothing but the engine.
    guard let simulated = try? ECMARegex("(?=)(?:\(pattern))") else { return }
    precondition(regex.matches(subject) == simulated.matches(subject), "two engines disagree on `\(pattern)` and `\(subject)`")
}
