/// A run of bytes inside an arena, a rule set or another slice.
///
/// Assumes: whoever hands out a slice keeps its memory for as long as the slice is used; inside the engine a slice never leaves the
/// transaction or the rule set whose arena holds it.
@safe
struct Slice: @unchecked Sendable {  // the memory behind a slice is written once, before the slice exists
    let base: UnsafePointer<UInt8>
    let count: Int

    init(base: UnsafePointer<UInt8>, count: Int) {
        unsafe self.base = base
        self.count = count
    }

    /// No bytes.
    static let empty = {
        let storage = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
        unsafe storage.initialize(to: 0)
        return unsafe Slice(base: UnsafePointer(storage), count: 0)
    }()

    var isEmpty: Bool { count == 0 }

    subscript(index: Int) -> UInt8 {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        return unsafe base[index]
    }

    /// The part from `start` up to `end`; both are cut to what is there.
    func part(_ start: Int, _ end: Int) -> Slice {
        let from = max(0, min(start, count))
        let to = max(from, min(end, count))
        return unsafe Slice(base: base + from, count: to - from)
    }

    func suffix(from start: Int) -> Slice { part(start, count) }

    /// A copy that outlives the arena.
    var bytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: base, count: count)) }

    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    var text: String { unsafe String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self) }
}

extension Slice {
    func equals(_ other: Slice) -> Bool {
        guard count == other.count else { return false }
        return unsafe memoryEqual(base, other.base, count)
    }

    /// Equal but for the case of ASCII letters.
    func equalsIgnoringCase(_ other: Slice) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where unsafe asciiLower(base[index]) != asciiLower(other.base[index]) { return false }
        return true
    }

    func equalsIgnoringCase(_ literal: StaticString) -> Bool {
        guard count == literal.utf8CodeUnitCount else { return false }
        for index in 0..<count where unsafe asciiLower(base[index]) != asciiLower(literal.utf8Start[index]) { return false }
        return true
    }

    func starts(with other: Slice) -> Bool { count >= other.count && part(0, other.count).equals(other) }

    func startsIgnoringCase(with literal: StaticString) -> Bool { part(0, literal.utf8CodeUnitCount).equalsIgnoringCase(literal) }

    func ends(with other: Slice) -> Bool { count >= other.count && suffix(from: count - other.count).equals(other) }

    /// Where `byte` is first seen at or after `start`.
    func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        var index = start
        while index < count {
            if unsafe base[index] == byte { return index }
            index += 1
        }
        return nil
    }

    /// Where `needle` is first seen at or after `start`; an empty needle is found at once.
    func range(of needle: Slice, from start: Int = 0) -> Int? {
        guard needle.count > 0 else { return start <= count ? start : nil }
        guard needle.count <= count else { return nil }
        let last = count - needle.count
        var index = start
        while index <= last {
            if unsafe base[index] == needle.base[0] && memoryEqual(base + index, needle.base, needle.count) { return index }
            index += 1
        }
        return nil
    }

    /// A hash (FNV-1a) and the byte values, in one pass.
    var summary: (hash: UInt32, present: ByteSet) {
        var hash: UInt32 = 2_166_136_261
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &words) { raw in
            let sets = unsafe raw.baseAddress!.assumingMemoryBound(to: UInt64.self)
            for index in 0..<count {
                let byte = unsafe base[index]
                hash = (hash ^ UInt32(byte)) &* 16_777_619
                unsafe sets[Int(byte >> 6)] |= 1 << UInt64(byte & 63)
            }
        }
        return (hash, ByteSet(word0: words.0, word1: words.1, word2: words.2, word3: words.3))
    }

    /// The slice without the white space of C's `isspace` at either end.
    var trimmed: Slice {
        var start = 0
        var end = count
        while start < end, isSpace(self[start]) { start += 1 }
        while end > start, isSpace(self[end - 1]) { end -= 1 }
        return part(start, end)
    }

    /// What C's `atoi` makes of the bytes: leading white space, a sign, digits; 0 where there are none. Cut to 64 bits.
    var integer: Int {
        var index = 0
        while index < count, isSpace(self[index]) { index += 1 }
        var negative = false
        if index < count, self[index] == UInt8(ascii: "-") || self[index] == UInt8(ascii: "+") {
            negative = self[index] == UInt8(ascii: "-")
            index += 1
        }
        var value = 0
        while index < count, isDigit(self[index]) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) = product.addingReportingOverflow(Int(self[index] &- 48))
            if overflow || overflow2 { return negative ? Int.min : Int.max }
            value = sum
            index += 1
        }
        return negative ? -value : value
    }
}

@inline(__always)
private func memoryEqual(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    for index in 0..<count where unsafe left[index] != right[index] { return false }
    return true
}
