import Testing

@testable import Cedar

@Suite struct AuthorizerTests {
    @Test func `nothing is allowed by default`() throws {
        let response = try decide("")
        #expect(response.decision == .deny && response.reasons.isEmpty)
    }

    @Test func `a forbid wins and is the reason`() throws {
        let response = try decide("permit(principal, action, resource); forbid(principal, action, resource);")
        #expect(response.decision == .deny && response.reasons == ["policy1"])
    }

    @Test func `all satisfied permits are reasons`() throws {
        let response = try decide("permit(principal, action, resource); permit(principal == User::\"alice\", action, resource);")
        #expect(response.reasons == ["policy0", "policy1"])
    }

    @Test func `an erring forbid is listed and denies under the closed rule`() throws {
        let response = try decide("permit(principal, action, resource); forbid(principal, action, resource) when { context.x };")
        #expect(response.decision == .allow && response.errors.map(\.policy) == ["policy1"])
        #expect(response.failClosed == .deny)
    }

    @Test func `an erring permit changes nothing`() throws {
        let response = try decide("permit(principal, action, resource); permit(principal, action, resource) when { context.x };")
        #expect(response.failClosed == .allow)
    }

    @Test func `the index gives what a scan of every scope gives`() throws {
        var generator = SeededGenerator(seed: 7)
        let groups = (0..<6).map { EntityUID(type: "Group", id: Text("g\($0)")) }
        let users = (0..<6).map { EntityUID(type: "User", id: Text("u\($0)")) }
        let entities = try Entities(
            groups.enumerated().map { index, uid in Entity(uid: uid, parents: Array(groups[(index + 1)...].prefix(2))) }
                + users.map { Entity(uid: $0, parents: [groups.randomElement(using: &generator) ?? groups[0]]) })
        let all = groups + users
        func scope(_ name: String) -> String {
            let uid = (all.randomElement(using: &generator) ?? all[0]).description
            return [name, "\(name) == \(uid)", "\(name) in \(uid)", "\(name) is User", "\(name) is User in \(uid)"]
                .randomElement(using: &generator) ?? name
        }
        var text = ""
        for _ in 0..<300 { text += "permit(\(scope("principal")), action, \(scope("resource")));\n" }
        let authorizer = Authorizer(try PolicySet(parsing: text))
        for principal in all {
            for resource in all {
                let request = Request(principal: principal, action: EntityUID(type: "Action", id: "a"), resource: resource)
                let expected = authorizer.policies.policies.filter {
                    $0.policy.principal.admits(principal, entities) && $0.policy.resource.admits(resource, entities)
                }
                #expect(authorizer.decide(request, entities: entities).reasons == expected.map(\.id))
            }
        }
    }

    @Test func `a template takes part through its links only`() throws {
        var set = try PolicySet(parsing: "permit(principal == ?principal, action, resource in ?resource);")
        let alice = EntityUID(type: "User", id: "alice")
        let doc = EntityUID(type: "Doc", id: "d")
        let request = Request(principal: alice, action: EntityUID(type: "Action", id: "view"), resource: doc)
        #expect(Authorizer(set).decide(request, entities: Entities()).decision == .deny)
        try set.link(template: "policy0", as: "link", values: [.principal: alice, .resource: doc])
        #expect(Authorizer(set).decide(request, entities: Entities()).reasons == ["link"])
    }

    @Test func `a link must fill every slot and take a free id`() throws {
        var set = try PolicySet(parsing: "permit(principal == ?principal, action, resource);")
        let alice = EntityUID(type: "User", id: "alice")
        #expect(throws: CedarError.self) { try set.link(template: "policy0", as: "a", values: [:]) }
        #expect(throws: CedarError.self) { try set.link(template: "policy0", as: "a", values: [.principal: alice, .resource: alice]) }
        #expect(throws: CedarError.self) { try set.link(template: "policy0", as: "policy0", values: [.principal: alice]) }
        #expect(throws: CedarError.self) { try set.link(template: "other", as: "a", values: [.principal: alice]) }
    }

    @Test func `an authorizer is replaced in one step`() throws {
        let slot = AuthorizerSlot(Authorizer(try PolicySet(parsing: "permit(principal, action, resource);")))
        let former = slot.replace(with: Authorizer(PolicySet()))
        #expect(former.policies.count == 1 && slot.current.policies.isEmpty)
    }
}

@Suite struct EntitiesTests {
    @Test func `the closure reaches every ancestor`() throws {
        let names = (0..<1000).map { EntityUID(type: "G", id: Text("\($0)")) }
        let list = names.enumerated().map { index, uid in Entity(uid: uid, parents: index + 1 < names.count ? [names[index + 1]] : []) }
        #expect(try Entities(list).ancestors(of: names[0]).count == 999)
    }

    @Test func `a cycle of parents is refused`() {
        let a = EntityUID(type: "G", id: "a")
        let b = EntityUID(type: "G", id: "b")
        #expect(throws: CedarError.self) { try Entities([Entity(uid: a, parents: [b]), Entity(uid: b, parents: [a])]) }
        #expect(throws: CedarError.self) { try Entities([Entity(uid: a, parents: [a])]) }
    }

    @Test func `one entity twice is refused unless it is the same`() throws {
        let uid = EntityUID(type: "G", id: "a")
        #expect(try Entities([Entity(uid: uid), Entity(uid: uid)]).count == 1)
        #expect(throws: CedarError.self) { try Entities([Entity(uid: uid), Entity(uid: uid, tags: Record([("t", .bool(true))]))]) }
    }

    @Test func `entities on top hide those below and inherit their ancestors`() throws {
        let group = EntityUID(type: "G", id: "g")
        let top = EntityUID(type: "G", id: "top")
        let user = EntityUID(type: "U", id: "u")
        let base = try Entities([Entity(uid: group, parents: [top]), Entity(uid: user)])
        let overlaid = base.overlaying([Entity(uid: user, attributes: Record([("a", .long(1))]), parents: [group])])
        #expect(overlaid.ancestors(of: user) == [group, top])
        #expect(overlaid[user]?.attributes["a"] == .long(1) && base[user]?.attributes.isEmpty == true)
    }

    @Test(arguments: [
        #"[{"uid":{"type":"A","id":"a"},"attrs":{}}]"#, #"[{"uid":{"type":"A","id":"a"},"attrs":{"x":1.5},"parents":[]}]"#,
        #"[{"uid":{"type":"A","id":"a"},"attrs":{"x":null},"parents":[]}]"#, #"[{"uid":{"type":"a b","id":"a"},"attrs":{},"parents":[]}]"#,
        #"[{"uid":{"type":"A","id":"a"},"attrs":{"x":{"__extn":{"fn":"decimal","arg":"x"}}},"parents":[]}]"#, #"{}"#,
        #"[{"uid":{"type":"A","id":"a"},"attrs":{"x":1,"x":2},"parents":[]}]"#,
    ])
    func `JSON that is no list of entities`(json: String) {
        #expect(throws: CedarError.self) { try Entities(parsing: Array(json.utf8)) }
    }
}
