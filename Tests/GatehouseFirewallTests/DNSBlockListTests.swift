import GatehouseFirewall
import GatehouseTesting
import HTTPWire
import Synchronization
import Testing

@Suite struct DNSBlockListTests {
    @Test func remembersAnswers() {
        let count = Counter()
        let list = DNSBlockList { name in
            count.add()
            return name == "1.2.0.192.list.example"
        }
        for _ in 0..<3 {
            #expect(list.has("1.2.0.192.list.example"))
            #expect(!list.has("9.2.0.192.list.example"))
        }
        #expect(count.value == 2)
        let forgetful = DNSBlockList(lifetime: .zero) { _ in
            count.add()
            return false
        }
        for _ in 0..<3 { #expect(!forgetful.has("a")) }
        #expect(count.value == 5)
    }

    /// `localhost` is in every hosts file, and the reserved `.invalid` in no zone.
    @Test func asksTheSystem() {
        #expect(DNSBlockList.ask("localhost"))
        #expect(!DNSBlockList.ask("gatehouse.invalid"))
    }
}

private final class Counter: Sendable {
    private let count = Mutex(0)
    func add() { count.withLock { $0 += 1 } }
    var value: Int { count.withLock { $0 } }
}
