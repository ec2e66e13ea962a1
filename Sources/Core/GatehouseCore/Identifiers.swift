/// The name of one occurrence, equal in the answer, in the log and in every event about it.
///
/// 128 random bits, printed as 32 lower-case hexadecimal digits. Made here, never taken from outside.
public struct IncidentID: Sendable, Hashable, CustomStringConvertible {
    /// The bits.
    public let bits: UInt128

    /// An identifier from a generator.
    public init(using generator: inout some RandomNumberGenerator) {
        bits = UInt128(generator.next()) << 64 | UInt128(generator.next())
    }

    /// The identifier of these bits.
    public init(bits: UInt128) { self.bits = bits }

    /// The identifier of 32 hexadecimal digits.
    public init?(text: String) {
        guard text.utf8.count == 32, let bits = UInt128(text, radix: 16) else { return nil }
        self.bits = bits
    }

    /// 32 lower-case hexadecimal digits.
    public var description: String { hexadecimal(bits, digits: 32) }

    /// Writes the 32 digits.
    public func write(to out: inout OutputSpan<UInt8>) { out.append(hexadecimal: bits) }
}

/// A position in a distributed trace (W3C Trace Context, level 1).
public struct TraceContext: Sendable, Equatable {
    /// The trace, not zero.
    public let traceID: UInt128
    /// The span that is the parent of what is done under this context, not zero.
    public let spanID: UInt64
    /// True when the caller may have recorded the trace.
    public let isSampled: Bool

    /// The context of a `traceparent` field; `nil` for one that breaks the grammar of section 3.2.
    public init?(traceparent text: some Collection<UInt8>) {
        let bytes = Array(text)
        guard bytes.count >= 55, bytes[2] == 0x2D, bytes[35] == 0x2D, bytes[52] == 0x2D,
            let version = Self.number(bytes[0..<2]), version != 255, version != 0 || bytes.count == 55,
            bytes.count == 55 || bytes[55] == 0x2D,
            let trace = Self.number(bytes[3..<35]), trace != 0,
            let span = Self.number(bytes[36..<52]), span != 0, let flags = Self.number(bytes[53..<55])
        else { return nil }
        traceID = trace
        spanID = UInt64(span)
        isSampled = flags & 1 == 1
    }

    /// A context of these parts.
    public init(traceID: UInt128, spanID: UInt64, isSampled: Bool) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
    }

    /// The start of a new trace.
    public init(using generator: inout some RandomNumberGenerator) {
        traceID = (UInt128(generator.next()) << 64 | UInt128(generator.next())) | 1
        spanID = generator.next() | 1
        isSampled = true
    }

    /// The same trace, in a span of our own.
    public func child(using generator: inout some RandomNumberGenerator) -> TraceContext {
        TraceContext(traceID: traceID, spanID: generator.next() | 1, isSampled: isSampled)
    }

    /// The trace as 32 hexadecimal digits.
    public var traceText: String { hexadecimal(traceID, digits: 32) }

    /// The value of the `traceparent` field.
    public var traceparent: String { "00-\(traceText)-\(hexadecimal(spanID, digits: 16))-0\(isSampled ? 1 : 0)" }

    /// Bytes of a `traceparent` field's value.
    public static var traceparentLength: Int { 55 }

    /// Writes the value of the `traceparent` field.
    public func writeTraceparent(to out: inout OutputSpan<UInt8>) {
        out.append(literal: "00-")
        out.append(hexadecimal: traceID)
        out.append(UInt8(ascii: "-"))
        out.append(hexadecimal: spanID)
        out.append(literal: isSampled ? "-01" : "-00")
    }

    /// Writes the trace as 32 hexadecimal digits.
    public func writeTrace(to out: inout OutputSpan<UInt8>) { out.append(hexadecimal: traceID) }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt128? {
        var result: UInt128 = 0
        for digit in digits {
            switch digit {
            case 0x30...0x39: result = result << 4 | UInt128(digit - 0x30)
            case 0x61...0x66: result = result << 4 | UInt128(digit - 0x61 + 10)
            default: return nil
            }
        }
        return result
    }
}

/// Lower-case hexadecimal digits of a number, zeros in front.
func hexadecimal(_ number: some FixedWidthInteger & UnsignedInteger, digits: Int) -> String {
    unsafe String(unsafeUninitializedCapacity: digits) { buffer in
        var rest = number
        for index in stride(from: digits - 1, through: 0, by: -1) {
            let digit = UInt8(truncatingIfNeeded: rest & 15)
            unsafe buffer[index] = digit < 10 ? digit + 0x30 : digit + 0x57
            rest >>= 4
        }
        return digits
    }
}

/// A fast generator for identifiers, one per event loop (xoshiro256**); seeded from the system.
///
/// Assumes: nothing secret is drawn from it.
public struct IdentifierGenerator: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// A generator with a seed from the system's source of randomness.
    public init() {
        var system = SystemRandomNumberGenerator()
        state = (system.next(), system.next(), system.next(), system.next() | 1)
    }

    /// A generator that always gives the same numbers, for tests.
    public init(seed: UInt64) { state = (seed, seed &+ 0x9E37_79B9_7F4A_7C15, ~seed, 1) }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        let result = rotate(state.1 &* 5, 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotate(state.3, 45)
        return result
    }

    private func rotate(_ number: UInt64, _ count: UInt64) -> UInt64 { number << count | number >> (64 - count) }
}
