import GatehouseTools
import Passwords
import StrictJSON
import Testing

@Suite struct PasswordLinesTests {
    @Test func `a hash is made and checked`() throws {
        var lines = PasswordLines()
        lines.parameters = Argon2Parameters(memoryKiB: 64, iterations: 1)
        let hash = try #require(try JSONValue(parsing: lines.answer(#"{"password":"p"}"#))["hash"])
        #expect(lines.answer(#"{"password":"p","hash":\#(hash)}"#) == #"{"ok":true,"rehash":false}"#)
        #expect(lines.answer(#"{"password":"q","hash":\#(hash)}"#) == #"{"ok":false}"#)
    }

    @Test func `a code is made and checked`() {
        let lines = PasswordLines()
        #expect(lines.answer(#"{"secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ","time":59,"digits":8}"#) == #"{"code":"94287082"}"#)
        #expect(lines.answer(#"{"secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ","time":59,"code":"287082"}"#) == #"{"ok":true}"#)
    }

    @Test(arguments: ["", "{}", "7", #"{"password":7}"#, #"{"secret":"?","time":1}"#]) func `anything else is answered by false`(line: String) {
        #expect(PasswordLines().answer(line) == #"{"ok":false}"#)
        #expect(WebAuthnLines(at: 0).answer(line) == #"{"ok":false}"#)
    }
}
