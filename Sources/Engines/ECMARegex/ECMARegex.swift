/// A regular expression of ECMA-262 with the `u` flag: by code point, case-sensitive, not anchored.
///
/// Answers only whether a string has a match, and that in time linear in the string: patterns become a deterministic
/// automaton, or, where that would be too large or the pattern looks around, a simulation of all ways at once. Patterns
/// with back references backtrack. The last two have a budget of steps.
///
/// Refuses: patterns of more than 65,536 characters, groups nested more than 200 deep, and repetitions that come to more
/// than 60,000 instructions.
public struct ECMARegex: Sendable {
    /// The pattern as it was given.
    public let pattern: String
    private let engine: Engine

    private enum Engine {
        case automaton(Automaton)
        case simulation(Simulation)
        case backtracking(Backtracking)
    }

    /// What a match came to.
    public enum Verdict: Sendable, Hashable {
        case match
        case noMatch
        /// The budget of steps was used up. Patterns that become automata never get there.
        case exhausted
    }

    /// How closely the grammar is followed.
    public enum Syntax: Sendable, Hashable {
        /// As ECMA-262 with the `u` flag says.
        case strict
        /// Also `\` before any punctuation, and `]`, `{` and `}` for themselves, as patterns in the wild have it.
        case lenient
    }

    /// Compiles a pattern.
    ///
    /// - Parameters:
    ///   - stepLimit: Steps on one string of patterns that do not become automata; a million with back references, twenty
    ///     times as many without, where each step is one of a fixed number a character.
    /// - Throws: ``RegexError``.
    public init(_ pattern: String, syntax: Syntax = .lenient, stepLimit: Int = 1_000_000) throws(RegexError) {
        self.pattern = pattern
        var parser = Parser(pattern, syntax)
        let tree = try parser.parsePattern()
        let code = try Code(tree)
        if code.hasBackReferences {
            engine = .backtracking(Backtracking(code, stepLimit: stepLimit))
        } else if !code.looksAround, let automaton = Automaton(code) {
            engine = .automaton(automaton)
        } else {
            engine = .simulation(Simulation(code, stepLimit: 20 * min(stepLimit, 1 << 50)))
        }
    }

    /// Whether the string whose UTF-8 bytes are given has a match. The bytes must be valid UTF-8.
    @unsafe
    public func verdict(on bytes: UnsafeBufferPointer<UInt8>) -> Verdict {
        switch engine {
        case .automaton(let automaton): unsafe automaton.view.matches(bytes) ? .match : .noMatch
        case .simulation(let simulation): simulation.verdict(on: unsafe Array(bytes))
        case .backtracking(let backtracking): backtracking.verdict(on: unsafe Array(bytes))
        }
    }

    /// Whether a string has a match; a pattern that takes too many steps has none.
    public func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { unsafe verdict(on: $0) } == .match
    }

    /// Checks a pattern against the grammar alone.
    ///
    /// - Throws: ``RegexError``.
    public static func check(_ pattern: String) throws(RegexError) {
        var parser = Parser(pattern, .strict, buildsSets: false)
        _ = try parser.parsePattern()
    }

    /// True where matching takes one table look-up a character.
    package var isAutomaton: Bool { automaton.isPresent }

    /// The pattern's automaton, valid while the regex lives; not present for patterns that have none.
    package var automaton: AutomatonView {
        if case .automaton(let automaton) = engine { automaton.view } else { AutomatonView() }
    }
}
