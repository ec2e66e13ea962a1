import Testing

@testable import Cedar

@Suite struct SmokeTests {
    @Test func `a permit allows`() throws {
        let set = try PolicySet(parsing: "permit(principal, action, resource) when { 1 + 2 == 3 };")
        let uid = EntityUID(type: "User", id: "a")
        let response = Authorizer(set).decide(Request(principal: uid, action: uid, resource: uid), entities: Entities())
        #expect(response.decision == .allow)
    }
}
