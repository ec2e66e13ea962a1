internal import CPCRE2

/// A compiled PCRE2 pattern with its machine code.
@safe
final class Regex: @unchecked Sendable {  // PCRE2 never writes to a compiled pattern
    private let code: OpaquePointer
    private let hasMachineCode: Bool
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
}

/// What PCRE2 writes while it matches: one for each transaction at work.
@safe
final class MatchScratch {
    /// Group 0 and nine captures are kept.
    static let groups = 10

    fileprivate let data: OpaquePointer
    fileprivate let context: OpaquePointer
    private let stack: OpaquePointer?
    private let offsets: UnsafeMutablePointer<Int>

    /// - Parameter matchLimit: how many steps one search may take (PCRE2's match limit).
    init(matchLimit: UInt32) {
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

    /// The part of `value` that a group took in the last search; empty where it took none.
    func group(_ index: Int, of value: Slice) -> Slice {
        precondition(index < MatchScratch.groups)
        let start = unsafe offsets[index * 2]
        let end = unsafe offsets[index * 2 + 1]
        guard start >= 0, end >= start, end <= value.count else { return .empty }
        return value.part(start, end)
    }
}
