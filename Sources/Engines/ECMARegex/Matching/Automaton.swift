/// A pattern as a deterministic automaton: one table look-up a character.
///
/// Built whole when the pattern is compiled, so that matching changes nothing and can run on any thread.
@safe
final class Automaton: @unchecked Sendable {  // never written after construction
    /// The tables; valid while the automaton lives.
    let view: AutomatonView

    /// States and steps of construction beyond which the automaton is given up.
    static let mostStates = 4_000
    static let mostSteps = 4_000_000

    init?(_ code: Code) {
        guard let built = AutomatonBuilder.build(code) else { return nil }
        view = AutomatonView(code.alphabet, built.transitions, built.accepts)
    }

    deinit { view.deallocate() }
}

/// An automaton's tables without their owner.
@safe
package struct AutomatonView: BitwiseCopyable, @unchecked Sendable {  // the tables never change
    /// Next state by state and class, in rows; states are numbered by their row's first place.
    private let transitions: UnsafeMutablePointer<UInt32>?
    private let ascii: UnsafeMutablePointer<UInt32>?
    /// Whether the text may end in a state.
    private let accepts: UnsafeMutablePointer<Bool>?
    private let starts: UnsafeMutablePointer<UInt32>?
    private let classes: UnsafeMutablePointer<UInt32>?
    private let intervals: Int
    private let width: UInt32

    /// No automaton.
    package init() {
        (unsafe transitions, unsafe ascii, unsafe accepts, unsafe starts, unsafe classes) = (nil, nil, nil, nil, nil)
        (intervals, width) = (0, 0)
    }

    /// Row 0: no match can come any more. Row 1: there is a match. Row 2: the start.
    init(_ alphabet: Alphabet, _ rows: [Int], _ accepting: [Bool]) {
        width = UInt32(alphabet.count)
        intervals = alphabet.starts.count
        unsafe transitions = Self.copy(rows.map { UInt32($0) * UInt32(alphabet.count) })
        unsafe ascii = Self.copy(alphabet.ascii.map(UInt32.init))
        unsafe accepts = Self.copy(accepting)
        unsafe starts = Self.copy(alphabet.starts)
        unsafe classes = Self.copy(alphabet.classes.map(UInt32.init))
    }

    private static func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
        for (index, element) in elements.enumerated() { unsafe (memory + index).initialize(to: element) }
        return unsafe memory
    }

    func deallocate() {
        unsafe transitions?.deallocate()
        unsafe ascii?.deallocate()
        unsafe accepts?.deallocate()
        unsafe starts?.deallocate()
        unsafe classes?.deallocate()
    }

    /// Whether there are tables.
    @inline(__always)
    package var isPresent: Bool { width > 0 }

    /// Whether the UTF-8 text has a match.
    @unsafe
    package func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let transitions = unsafe transitions, let ascii = unsafe ascii, let accepts = unsafe accepts else { return false }
        var state = 2 * width
        var index = 0
        let end = bytes.count
        while index < end {
            let byte = unsafe bytes[index]
            let number: UInt32
            if byte < 0x80 {
                number = unsafe ascii[Int(byte)]
                index += 1
            } else {
                number = unsafe classOf(decode(bytes, &index))
            }
            state = unsafe transitions[Int(state + number)]
            if state <= width { return state == width }
        }
        return unsafe accepts[Int(state / width)]
    }

    /// The class of a code point.
    private func classOf(_ code: UInt32) -> UInt32 {
        guard let starts = unsafe starts, let classes = unsafe classes else { return 0 }
        var (low, high) = (0, intervals)
        while high - low > 1 {
            let middle = (low + high) / 2
            if unsafe starts[middle] <= code { low = middle } else { high = middle }
        }
        return unsafe classes[low]
    }

    /// The character of two to four bytes at `index`.
    @unsafe
    @inline(__always)
    private func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> UInt32 {
        let first = unsafe UInt32(bytes[index])
        let count = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var code = first & (0x7F >> UInt32(count))
        for offset in 1..<count where index + offset < bytes.count { code = unsafe code << 6 | UInt32(bytes[index + offset] & 0x3F) }
        index += count
        return code
    }
}
