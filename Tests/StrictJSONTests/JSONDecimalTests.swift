import StrictJSON
import Testing

@Suite struct JSONDecimalTests {
    private func decimal(_ text: String) -> JSONDecimal { JSONDecimal(Array(text.utf8)) }

    @Test(arguments: [
        ("1", "1.0"), ("100", "1e2"), ("0", "-0.000e5"), ("0.5", "5E-1"), ("123456789012345678901234567890", "1.2345678901234567890123456789e29"),
        ("10000000000000000000000", "1e22"), ("12300000000000000000000e-20", "123"),
    ])
    func writingsOfOneNumberAreEqual(a: String, b: String) {
        #expect(decimal(a) == decimal(b))
        #expect(JSONNumber(a) == JSONNumber(b))
        #expect(JSONNumber(a)?.hashValue == JSONNumber(b)?.hashValue)
    }

    @Test func numbersAreOrderedExactly() {
        let ascending = [
            "-1e300", "-12345678901234567890.5", "-12345678901234567890", "-2", "-1.5", "-1e-10", "0", "1e-400", "1e-10", "0.1",
            "0.10000000000000000000001", "0.5", "1", "1.5", "9", "10", "9007199254740992", "9007199254740993", "12345678901234567890",
            "12345678901234567890.1", "1e300",
        ].map(decimal)
        for (i, a) in ascending.enumerated() {
            for (j, b) in ascending.enumerated() {
                #expect((a < b) == (i < j))
                #expect((a == b) == (i == j))
            }
        }
    }

    @Test(arguments: [
        ("4", "2", true), ("5", "2", false), ("0", "7", true), ("0.0075", "0.0001", true), ("0.00751", "0.0001", false), ("4.02", "0.01", true),
        ("1e308", "0.5", true), ("1e308", "0.123456789", false), ("19.99", "0.01", true), ("-9", "3", true), ("9.5", "1.5", false),
        ("3e20", "7", false), ("123456789012345678901234567890", "10", true), ("123456789012345678901234567891", "10", false), ("1", "0", false),
        ("1e1000", "1e-1000", true), ("2e50", "1125899906842624", true), ("35", "2.5", true), ("7", "1e1", false),
    ])
    func multiplesAreExact(number: String, divisor: String, expected: Bool) {
        #expect(decimal(number).isMultiple(of: decimal(divisor)) == expected)
    }

    @Test(arguments: [
        ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min), ("9223372036854775808", nil), ("1.50e1", 15), ("1.5", nil),
        ("922337203685477580.7e1", Int64.max), ("1e19", nil), ("-0", 0), ("1e99999999999999999999", nil),
    ])
    func integersAreTakenOutWhereTheyFit(text: String, expected: Int64?) {
        #expect(decimal(text).int64 == expected)
    }

    @Test func integersBecomeDecimals() {
        for integer in [0, 1, -1, 1000, Int64.max, Int64.min] { #expect(JSONDecimal(integer) == decimal(String(integer))) }
    }

    @Test func onlyNumbersBecomeNumbers() {
        for text in ["", " 1", "1 ", "a", "\"1\"", "01", "1,2", "NaN"] { #expect(JSONNumber(text) == nil) }
        #expect(JSONNumber(Double.nan) == nil)
        #expect(JSONNumber(2.0)?.text == "2")
        #expect(JSONNumber(2.5)?.text == "2.5")
    }
}
