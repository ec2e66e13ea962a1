internal import CPCRE2
internal import Synchronization

/// A compiled PCRE2 pattern with its machine code.
@safe
final class Regex: @unchecked Sendable {  // PCRE2 never writes to a compiled pattern
    private let code: OpaquePointer
    private let hasMachineCode: Bool
    let pattern: [UInt8]
    private let options: UInt32
    /// The pattern for long values, made when the first one comes: its search can be cut into pieces.
    private let piecewise = Mutex<Regex?>(nil)
    /// How many capturing groups the pattern has.
    let captureCount: Int

    /// What makes a pattern mean what ModSecurity 2.9 makes of it: `.` takes line feeds, `$` is the very end.
    static let ruleOptions = UInt32(PCRE2_DOTALL) | UInt32(PCRE2_DOLLAR_ENDONLY)
    /// As `ruleOptions`, without case: for selectors such as `ARGS:/^id/`.
    static let selectorOptions = ruleOptions | UInt32(PCRE2_CASELESS)

    /// Compiles `pattern`.
    ///
    /// - Throws: `PatternError` with PCRE2's message and the offset it names.
    init(_ pattern: [UInt8], options: UInt32 = Regex.ruleOptions) throws(PatternError) {
        var error: Int32 = 0
        var offset = 0
        let compiled = unsafe pattern.withUnsafeBufferPointer { buffer in
            unsafe pcre2_compile_8(buffer.baseAddress, buffer.count, options, &error, &offset, nil)
        }
        guard let compiled = unsafe compiled else {
            throw PatternError(reason: Regex.message(error), offset: offset)
        }
        unsafe code = compiled
        self.pattern = pattern
        self.options = options
        hasMachineCode = unsafe pcre2_jit_compile_8(compiled, UInt32(PCRE2_JIT_COMPLETE)) == 0
        var captures: UInt32 = 0
        unsafe pcre2_pattern_info_8(compiled, UInt32(PCRE2_INFO_CAPTURECOUNT), &captures)
        captureCount = Int(captures)
    }

    deinit { unsafe pcre2_code_free_8(code) }

    /// Looks for the pattern; the offsets of the groups are in `scratch` afterwards.
    func match(_ value: Slice, from start: Int = 0, _ scratch: MatchScratch) -> MatchOutcome {
        let result: Int32
        if hasMachineCode {
            result = unsafe pcre2_jit_match_8(code, value.base, value.count, start, 0, scratch.data, scratch.context)
        } else {
            result = unsafe pcre2_match_8(code, value.base, value.count, start, 0, scratch.data, scratch.context)
        }
        if result >= 0 { return .found(groups: result == 0 ? MatchScratch.groups : Int(result)) }
        return result == PCRE2_ERROR_NOMATCH ? .absent : .overLimit
    }

    /// The same in a long value, in pieces between which the time is looked at.
    ///
    /// How long one search takes grows with the value's length times the number of places where a match may begin; so each piece tries so many
    /// places that even a pattern that reads to the end from each of them is done in some milliseconds; and the limit on steps, each of which may
    /// read to the end too, falls as values grow.
    func match(_ value: Slice, _ scratch: MatchScratch, isInTime: () -> Bool) -> MatchOutcome {
        guard value.count > Self.longValue, let regex = inPieces() else { return match(value, scratch) }
        let places = max(8, Self.stepsPerPiece / value.count)
        scratch.limit(to: max(1_000, Int(scratch.matchLimit) / value.count * Self.longValue / 4))
        defer { scratch.liftLimits() }
        var start = 0
        while start <= value.count {
            guard isInTime() else { return .overTime }
            unsafe pcre2_set_offset_limit_8(scratch.context, min(value.count, start + places - 1))
            let outcome = regex.match(value, from: start, scratch)
            guard outcome == .absent else { return outcome }
            if regex.isAnchored { return .absent }
            start += places
        }
        return .absent
    }

    private func inPieces() -> Regex? {
        piecewise.withLock { kept in
            if kept == nil { kept = try? Regex(pattern, options: options | UInt32(PCRE2_USE_OFFSET_LIMIT)) }
            return kept
        }
    }

    /// True where a match can only begin at the start.
    private var isAnchored: Bool {
        var options: UInt32 = 0
        unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_ALLOPTIONS), &options)
        return options & UInt32(PCRE2_ANCHORED) != 0
    }

    /// Longer values are searched in pieces.
    private static let longValue = 8 * 1024
    private static let stepsPerPiece = 2 * 1024 * 1024

    private static func message(_ error: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = unsafe buffer.withUnsafeMutableBufferPointer { unsafe pcre2_get_error_message_8(error, $0.baseAddress, $0.count) }
        return String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
    }
}

/// Why a pattern cannot be compiled.
struct PatternError: Error, Equatable {
    var reason: String
    var offset: Int
}

/// What a search came to.
enum MatchOutcome: Equatable {
    /// Found; so many groups are set, the whole match included.
    case found(groups: Int)
    case absent
    /// Given up: the match limit or the stack was used up, or the engine failed.
    case overLimit
    /// Given up: the time was used up.
    case overTime
}

/// What PCRE2 writes while it matches: one for each transaction at work.
@safe
final class MatchScratch {
    /// Group 0 and nine captures are kept.
    static let groups = 10

    fileprivate let data: OpaquePointer
    fileprivate let context: OpaquePointer
    private let stack: OpaquePointer?
    fileprivate let matchLimit: UInt32
    private let offsets: UnsafeMutablePointer<Int>

    /// - Parameter matchLimit: how many steps one search may take (PCRE2's match limit).
    init(matchLimit: UInt32) {
        self.matchLimit = matchLimit
        unsafe data = pcre2_match_data_create_8(UInt32(MatchScratch.groups), nil)
        unsafe context = pcre2_match_context_create_8(nil)
        unsafe stack = pcre2_jit_stack_create_8(32 * 1024, 1024 * 1024, nil)
        unsafe pcre2_set_match_limit_8(context, matchLimit)
        unsafe pcre2_set_depth_limit_8(context, matchLimit)
        unsafe pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack))
        unsafe offsets = pcre2_get_ovector_pointer_8(data)
    }

    deinit {
        unsafe pcre2_match_data_free_8(data)
        unsafe pcre2_match_context_free_8(context)
        unsafe pcre2_jit_stack_free_8(stack)
    }

    /// Lets one search take fewer steps.
    fileprivate func limit(to steps: Int) { unsafe pcre2_set_match_limit_8(context, UInt32(clamping: steps)) }

    /// Sets the limits back to what they are for short values.
    fileprivate func liftLimits() {
        unsafe pcre2_set_match_limit_8(context, matchLimit)
        unsafe pcre2_set_offset_limit_8(context, Int.max)
    }

    /// The part of `value` that a group took in the last search; empty where it took none.
    func group(_ index: Int, of value: Slice) -> Slice {
        precondition(index < MatchScratch.groups)
        let start = unsafe offsets[index * 2]
        let end = unsafe offsets[index * 2 + 1]
        guard start >= 0, end >= start, end <= value.count else { return .empty }
        return value.part(start, end)
    }
}
