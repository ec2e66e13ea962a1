import GatehouseTools
import StrictJSON
import Testing

@Suite struct JOSELinesTests {
    @Test func `a key is made, signs, and is judged with its message`() throws {
        let lines = JOSELines()
        let key = try #require(try JSONValue(parsing: lines.answer(#"{"generate":"ES256"}"#))["jwk"])
        let jws = try #require(try JSONValue(parsing: lines.answer(#"{"jwk":\#(key),"sign":"hello"}"#))["jws"])
        #expect(lines.answer(#"{"jwk":\#(key),"jws":\#(jws)}"#) == #"{"ok":true}"#)
        #expect(lines.answer(#"{"jwks":{"keys":[\#(key)]},"jws":\#(jws)}"#) == #"{"ok":true}"#)
        #expect(lines.answer(#"{"jwk":\#(key),"jws":"a.b.c"}"#) == #"{"ok":false}"#)
        #expect(lines.answer(#"{"jwk":\#(key)}"#) == #"{"ok":true}"#)
    }

    @Test func `a message is encrypted and opened`() throws {
        let lines = JOSELines()
        let key = #"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA"}"#
        let jwe = try #require(try JSONValue(parsing: lines.answer(#"{"jwk":\#(key),"encrypt":"hello","alg":"A128KW"}"#))["jwe"])
        #expect(lines.answer(#"{"jwk":\#(key),"jwe":\#(jwe)}"#) == #"{"ok":true}"#)
    }

    @Test(arguments: ["", "{", "[]", "{}", #"{"jws":"a.b.c"}"#, #"{"jwk":{"kty":"oct","k":""}}"#, #"{"jwks":{"keys":[{"kty":"NEW"}]}}"#])
    func `anything else is answered by false`(line: String) {
        #expect(JOSELines().answer(line) == #"{"ok":false}"#)
    }

    @Test func `the JSON form is accepted only where asked for`() {
        let line =
            #"{"jwk":{"alg":"HS256","k":"-ebuDNsVZ2iJtoZ-akfXTSCt4UO2cruLCsbWlBinggE","kty":"oct"},"jws":{"payload":"Zm9v","protected":"eyJhbGciOiJIUzI1NiIsImtpZCI6ImtpZC1hZXMtc2lnbiJ9","signature":"TD37p4c_0jmreSrBSDmE0F3mYSPtkZ3WrSyI5wb_KTg"}}"#
        #expect(JOSELines().answer(line) == #"{"ok":false}"#)
        var lines = JOSELines()
        lines.acceptsJSON = true
        #expect(lines.answer(line) == #"{"ok":true}"#)
    }
}
