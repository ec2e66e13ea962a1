import Testing
import WebAuthn

func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace }.map { UInt8($0.hexDigitValue ?? 0) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

func refusal(_ body: () throws -> Void) -> WebAuthnError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? WebAuthnError)?.code
    }
}

@Suite struct CBORTests {
    @Test(arguments: [
        ("00", CBORValue(0)), ("17", CBORValue(23)), ("1818", CBORValue(24)), ("1903e8", CBORValue(1000)), ("1a000f4240", CBORValue(1_000_000)),
        ("1bffffffffffffffff", .unsigned(.max)), ("20", CBORValue(-1)), ("3863", CBORValue(-100)), ("3bffffffffffffffff", .negative(.max)),
        ("4401020304", .bytes([1, 2, 3, 4])), ("62c3bc", .text("ü")), ("83010203", .array([CBORValue(1), CBORValue(2), CBORValue(3)])),
        ("f4", .bool(false)), ("f5", .bool(true)), ("f6", .null), ("a0", .map(CBORMap([]))),
        ("a20103026161", .map(CBORMap([(CBORValue(1), CBORValue(3)), (CBORValue(2), .text("a"))]))),
    ])
    func `reads and writes each kind of value`(text: String, value: CBORValue) throws {
        #expect(try CBORReader.decode(hex(text)) == value)
        #expect(CBORWriter.encode(value) == hex(text))
    }

    @Test(arguments: [
        "1800", "1817", "190017", "1900ff", "1a0000ffff", "1b00000000ffffffff", "5801 61", "9f01ff", "bf61610 1ff", "5f4101ff", "c11a514b67b0",
        "f7", "f0", "f818", "f97e00", "fb3ff199999999999a", "a2 0203 0102", "a2 0102 0103", "a2 6162 01 6161 02", "a2 626161 01 6161 02",
        "61ff", "62c328", "43 0102", "82 01", "1c", "ff", "0000", "", "a1 01", "5bffffffffffffffff", "9bffffffffffffffff",
    ])
    func `refuses every spelling but the canonical one`(text: String) {
        #expect(throws: WebAuthnError.self) { try CBORReader.decode(hex(text)) }
    }

    @Test func `keys out of order are read only where that is allowed, repeated ones never`() throws {
        var limits = CBORReader.Limits()
        limits.requiresSortedKeys = false
        #expect(try CBORReader.decode(hex("a202030102"), limits: limits).map?[2]?.integer == 3)
        #expect(refusal { _ = try CBORReader.decode(hex("a201020103"), limits: limits) } == .malformed)
    }

    @Test func `depth, size and count have limits`() {
        #expect(refusal { _ = try CBORReader.decode([UInt8](repeating: 0x81, count: 9) + [0]) } == .limitExceeded)
        #expect(refusal { _ = try CBORReader.decode([UInt8](repeating: 0, count: 70_000)) } == .limitExceeded)
        #expect(refusal { _ = try CBORReader.decode([0x99, 0x20, 0x00] + [UInt8](repeating: 0, count: 0x2000)) } == .limitExceeded)
    }
}
