import HTTPWire
import Testing

@Suite struct FieldBlockTests {
    @Test("every known field is found under its own name", arguments: KnownField.allCases)
    func findsKnownFields(_ field: KnownField) {
        var block = FieldBlock()
        block.append(field.name, "x")
        #expect(block.known(at: 0) == field)
        #expect(block[field] == "x")
    }

    @Test func keepsOneLinePerSetField() {
        var block = FieldBlock()
        block.append("a", "1")
        block.append(.server, "x")
        block.append("a", "2")
        block.set("a", "3")
        #expect(block.values(named: "a") == ["3"])
        #expect(encoded(block) == "server: x\r\na: 3\r\n")
    }

    @Test func replacesBytesThatWouldSplitALine() {
        var block = FieldBlock()
        block.append("a", "1\r\nset-cookie: b\0")
        #expect(encoded(block) == "a: 1  set-cookie: b \r\n")
    }

    @Test("a byte that no value has becomes a blank wherever it stands", arguments: Array(0...31) + [127])
    func replacesControlBytesAnywhere(_ byte: UInt8) {
        for position in 0..<24 {
            var value = [UInt8](repeating: UInt8(ascii: "b"), count: 24)
            value[position] = byte
            var block = FieldBlock()
            block.append(.server, String(decoding: value, as: UTF8.self))
            #expect(block.valueBytes(at: 0)[8 + position] == (byte == 9 ? 9 : 0x20))
        }
    }

    @Test func findsWordsInLists() {
        var block = FieldBlock()
        block.append(.connection, "Keep-Alive ,\tUpgrade")
        #expect(block.lists(.connection, "upgrade"))
        #expect(block.lists(.connection, "keep-alive"))
        #expect(!block.lists(.connection, "close"))
    }

    @Test func stripsWhatLivesForOneHop() {
        var block = FieldBlock()
        block.append(.connection, "close, X-Hop")
        block.append("x-hop", "1")
        block.append(.keepAlive, "timeout=5")
        block.append(.te, "trailers")
        block.append(.accept, "*/*")
        ConnectionOptions.strip(&block)
        #expect(encoded(block) == "accept: */*\r\n")
    }

    private func encoded(_ block: FieldBlock) -> String {
        var bytes: [UInt8] = []
        block.withEncodedRuns { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }
}
