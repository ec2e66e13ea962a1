import JSONSchema
import StrictJSON
import Testing

@Suite struct FormatTests {
    @Test(
        arguments: [
            ("date-time", ["2024-02-29T23:59:60Z", "1985-04-12t23:20:50.52z", "1990-12-31T15:59:60-08:00"], ["2023-02-29T00:00:00Z", "2024-01-01T00:00:60Z", "2024-01-01 00:00:00Z", "2024-01-01T00:00Z", "2024-01-01T24:00:00Z"]),
            ("date", ["2000-02-29", "0000-01-01"], ["1900-02-29", "2024-13-01", "2024-04-31", "24-01-01", "2024-1-01", "2024-01-00", "２024-01-01"]),
            ("time", ["00:00:00.123456789+23:59"], ["00:00:00", "00:00:00+2400", "00:00:00.Z"]),
            ("duration", ["P1Y2M3DT4H5M6S", "P3W", "PT5S", "P1DT1S"], ["P", "P1YT", "P1S", "PT1D", "P1Y1D", "p1d", "P1W1D", "PT1H1S"]),
            ("email", ["a@b", "a.b+c@example.com", #""a b\"c"@example.com"#, "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", "a@xn--bcher-kva.example"], ["a", "@b", "a@", "a..b@c", ".a@b", "a@-b", "a@b_c", "a@[1.2.3]", "é@b", "a@b@c", "\"a@b"]),
            ("idn-email", ["é@bücher.example", "\"é\"@b"], ["é", "a b@c", "a@"]),
            ("hostname", ["example.com", "a", "1.2", "xn--bcher-kva.example", "a--b"], ["", ".", "a.", "-a", "a-", "a_b", "é", "xn--a", "ab--cd", "xn--", String(repeating: "a", count: 64), String(repeating: "a.", count: 127) + "aa"]),
            ("idn-hostname", ["bücher.example", "例え.テスト", "a\u{3002}b", "straße", "नेपाल", "אבג"], ["a..b", "Bücher", "bu\u{308}cher", "☃", "-ü", "ü-", "üb--a", "xn--bucher-", "a\u{200D}b", "0אב"]),
            ("ipv4", ["0.0.0.0", "255.255.255.255"], ["256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4 ", "1.2.3.", "0x1.2.3.4", "١.2.3.4"]),
            (
                "ipv6", ["::", "::1", "2001:db8::", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1", "1:2:3:4:5:6:1.2.3.4", "1::8"],
                ["", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::1%eth0", "1:2:3:4:5:6:7::8", "::1.2.3.256", "1:", ":1", "::1.2.3.4:5"]
            ),
            (
                "uri", ["http://a/b?c#d", "urn:a:b", "mailto:a@b", "file:///a", "http://[::1]:80/", "http://[v1.x]/", "a:", "http://u:p@h:/", "http://a/%41"],
                ["a", "//a", "/a", "", "http://a b", "1a:b", "http://[::1", "http://a/%4", "http://a/|", "http://a:80a/", "http://é/", "http://a/#b#c", "http://a@b@c/"]
            ),
            ("uri-reference", ["", "a", "//a/b", "/a", "?q", "#f", "./a:b"], ["a b", "\\a", "1:b", "%", "é"]),
            ("iri", ["http://é/ü?ñ#ö", "urn:é"], ["é", "http://\u{E000}/", "http://é/ "]), ("iri-reference", ["é", "", "?\u{E000}"], ["#\u{E000}", "é é"]),
            ("uuid", ["2EB8AA08-aa98-11ea-b4aa-73b441d16380"], ["2eb8aa08-aa98-11ea-b4aa-73b441d1638", "2eb8aa08aa9811eab4aa73b441d16380", "2eb8aa08-aa98-11ea-b4ga-73b441d16380", "{2eb8aa08-aa98-11ea-b4aa-73b441d1638}"]),
            ("uri-template", ["", "http://a/{b}{?c,d*}{#e:30}", "{+a.b}", "{%41}", "é", "it's"], ["{", "}", "{}", "{a", "{a{b}", "{a b}", "{a:0}", "{a:12345}", "{.}", "a b", "<", "%4"]),
            ("json-pointer", ["", "/", "/a~0b~1c/0", "/é"], ["a", "/~", "/~2", "#/a"]), ("relative-json-pointer", ["0", "10/a", "0#", "1/"], ["", "01", "-1", "0##", "1a", "/a"]),
            ("regex", ["^a$", #"\p{L}"#, "(?<=a)b"], ["(", #"\Z"#, "[", #"\p{Nope}"#, "a{2,1}", "a**"]), ("byte", ["", "YQ==", "YWI="], ["YQ", "Y===", "YQ=a", "Y Q=", "YR=="]),
        ] as [(String, [String], [String])])
    func formatsTellTheirStringsFromOthers(format: String, valid: [String], invalid: [String]) throws {
        var options = SchemaOptions()
        options.assertsFormats = true
        let schema = try JSONSchema(["format": .string(format)], options: options)
        for text in valid { #expect(schema.isValid(.string(text)), "`\(text)`") }
        for text in invalid { #expect(!schema.isValid(.string(text)), "`\(text)`") }
        #expect(schema.isValid(1))
    }

    @Test func integerFormatsHoldTheirRange() throws {
        var options = SchemaOptions()
        options.assertsFormats = true
        let (small, large) = (try JSONSchema(["format": "int32"], options: options), try JSONSchema(["format": "int64"], options: options))
        #expect(small.isValid(2_147_483_647) && !small.isValid(2_147_483_648) && !small.isValid(1.5))
        #expect(try large.isValid(JSONValue(parsing: "9223372036854775807")) && !large.isValid(JSONValue(parsing: "9223372036854775808")))
    }
}
