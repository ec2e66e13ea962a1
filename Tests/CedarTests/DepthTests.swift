import Foundation
import Synchronization
import Testing

@testable import Cedar

@Suite struct DepthTests {
    @Test(arguments: [1_000, 1_000_000])
    func `nesting beyond the limit is refused with its place`(depth: Int) {
        for (open, close) in [("(", ")"), ("!(", ")"), ("[", "]"), ("{a: ", "}"), ("if true then ", " else false")] {
            let text = String(repeating: open, count: depth) + "true" + String(repeating: close, count: depth)
            let error = #expect(throws: CedarError.self) {
                try PolicySet(parsing: "permit(principal, action, resource) when { \(text) };")
            }
            #expect(error?.code == .limit && error?.position?.line == 1)
        }
    }

    @Test func `long accesses and chains are refused beyond their limits`() {
        for text in ["principal" + String(repeating: ".a", count: 100_000), String(repeating: "true && ", count: 100_000) + "true"] {
            let error = #expect(throws: CedarError.self) {
                try PolicySet(parsing: "permit(principal, action, resource) when { \(text) };")
            }
            #expect(error?.code == .limit)
        }
    }

    @Test func `JSON nested too deep is refused`() {
        let value = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        let entities = #"[{"uid":{"type":"A","id":"a"},"attrs":{"x":\#(value)},"parents":[]}]"#
        #expect(throws: CedarError.self) { try Entities(parsing: Array(entities.utf8)) }
        let expression = String(repeating: #"{"!":{"arg":"#, count: 10_000) + #"{"Value":true}"# + String(repeating: "}}", count: 10_000)
        let policies = #"{"staticPolicies":{"a":{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[{"kind":"when","body":\#(expression)}]}},"templates":{},"templateLinks":[]}"#
        #expect(throws: CedarError.self) { try PolicySet(parsingJSON: Array(policies.utf8)) }
    }

    @Test func `types nested too deep or too large are refused`() {
        let deep = "type T = " + String(repeating: "Set<", count: 100_000) + "Long" + String(repeating: ">", count: 100_000) + ";"
        #expect(throws: CedarError.self) { try Schema(parsing: Array(deep.utf8)) }
        var wide = "type T0 = Long;"
        for number in 1...60 { wide += "type T\(number) = { a: T\(number - 1), b: T\(number - 1) };" }
        let error = #expect(throws: CedarError.self) { try Schema(parsing: Array(wide.utf8)) }
        #expect(error?.code == .limit)
    }

    @Test func `the deepest allowed policy is read, checked, printed and decided on a small stack`() throws {
        let depth = CedarLimits().depth - 2
        let text = String(repeating: "!(", count: depth) + "true" + String(repeating: ")", count: depth)
        let schema = try Schema(parsing: Array("entity A; action a appliesTo { principal: A, resource: A };".utf8))
        let done = DispatchSemaphore(value: 0)
        let verdict = Verdict()
        let thread = Thread {
            let policy = "permit(principal, action, resource) when { \(text) };"
            if let set = try? PolicySet(parsing: policy) {
                let isValid = Validator(schema: schema).validate(set).isValid
                verdict.isValid.withLock { $0 = isValid }
                _ = try? PolicyFormatter().format(policy)
                _ = set.jsonText() + set.cedarText
                _ = Authorizer(set)
            }
            done.signal()
        }
        thread.stackSize = 512 << 10
        thread.start()
        done.wait()
        #expect(verdict.isValid.withLock { $0 } == true)
    }
}

private final class Verdict: Sendable {
    let isValid = Mutex<Bool?>(nil)
}
