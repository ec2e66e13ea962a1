import ConformanceSupport
import Foundation
import StrictJSON
import Testing

@testable import Cedar

@Suite struct AuthZENTests {
    private static let suite = ConformanceSuite("authzen-vectors")

    private static func service(_ policies: String, _ entities: [Entity], types: [String: String] = [:]) throws -> AuthZENService {
        AuthZENService(
            authorizer: Authorizer(try PolicySet(parsing: policies)), entities: try Entities(entities),
            mapping: AuthZENMapping(types: types))
    }

    private static func user(_ id: String, _ attributes: [(Text, Value)], roles: [String]) -> Entity {
        Entity(
            uid: EntityUID(type: "user", id: Text(id)), attributes: Record(attributes),
            parents: roles.map { EntityUID(type: "role", id: Text($0)) })
    }

    // MARK: The fixtures of the working group

    private static func people(_ type: String) throws -> [Entity] {
        let middle = "MTRkMy1jMzlhLTQ3ODEtYjdiZC04Yjk2ZjVhNTEwMGQSBWxvY2Fs"
        let rows: [(String, String, [String])] = [
            ("CiRmZDA2", "rick@the-citadel.com", ["admin", "evil_genius"]), ("CiRmZDE2", "morty@the-citadel.com", ["editor"]),
            ("CiRmZDI2", "summer@the-smiths.com", ["editor"]), ("CiRmZDM2", "beth@the-smiths.com", ["viewer"]),
            ("CiRmZDQ2", "jerry@the-smiths.com", ["viewer"]),
        ]
        return rows.map { start, mail, roles in
            Entity(
                uid: EntityUID(type: Text(type), id: Text(start + middle)), attributes: Record([("mail", .string(Text(mail)))]),
                parents: roles.map { EntityUID(type: "role", id: Text($0)) })
        }
    }

    private static let todo = """
        permit(principal, action in [Action::"can_read_user", Action::"can_read_todos"], resource);
        permit(principal, action == Action::"can_create_todo", resource)
        when { principal in [role::"editor", role::"admin", role::"evil_genius"] };
        permit(principal, action in [Action::"can_update_todo", Action::"can_delete_todo"], resource)
        when { principal in [role::"editor", role::"admin", role::"evil_genius"] && resource.ownerID == principal.mail };
        permit(principal in role::"admin", action == Action::"can_delete_todo", resource);
        permit(principal in role::"evil_genius", action == Action::"can_update_todo", resource);
        """

    private static let gateway = """
        permit(principal, action == Action::"GET", resource)
        when { resource in [route::"/users/{userId}", route::"/todos"] };
        """

    private static let records = """
        permit(principal, action == Action::"view", resource)
        when { resource.owner == principal.name || resource.department == principal.department || principal.role == "manager" };
        permit(principal, action == Action::"edit", resource)
        when { resource.owner == principal.name || principal.role == "manager" && resource.department == principal.department };
        permit(principal, action == Action::"delete", resource) when { resource.owner == principal.name };
        """

    private static func recordService() throws -> AuthZENService {
        let people = [
            ("alice", "manager", "Sales"), ("bob", "employee", "Legal"), ("carol", "contractor", "Legal"), ("dan", "manager", "Finance"),
            ("erin", "employee", "Finance"), ("felix", "contractor", "Accounting"),
        ]
        let departments = """
            Legal Legal Legal Accounting Legal Accounting Sales Legal Accounting Sales Accounting Legal Sales Accounting Finance \
            Legal Legal Accounting Legal Accounting
            """.split(separator: " ")
        var entities = people.map { name, role, department in
            user(name, [("name", .string(Text(name))), ("role", .string(Text(role))), ("department", .string(Text(department)))], roles: [])
        }
        for (index, department) in departments.enumerated() {
            entities.append(
                Entity(
                    uid: EntityUID(type: "record", id: Text("\(101 + index)")),
                    attributes: Record([
                        ("owner", .string(Text(people[index % 6].0))), ("department", .string(Text(String(department)))),
                    ])))
        }
        return try service(records, entities)
    }

    private static func vectors(_ file: String, _ list: String) throws -> [(request: JSONValue, expected: JSONValue)] {
        let root = try JSONValue(parsing: [UInt8](try suite.data(file + ".json")))
        return (root[list]?.array ?? []).map { ($0["request"] ?? .null, $0["expected"] ?? .null) }
    }

    /// Results as a set, without the page.
    private static func plain(_ value: JSONValue?) -> Set<JSONValue> { Set(value?["results"]?.array ?? []) }

    @Test(.enabled(if: suite.isPresent)) func `decisions of the working group's vectors`() throws {
        let todo = try Self.service(Self.todo, try Self.people("user"))
        for (request, expected) in try Self.vectors("todo-decisions", "evaluation") {
            #expect(try todo.evaluation(request)["decision"] == expected, "\(request)")
        }
        for (request, expected) in try Self.vectors("todo-decisions", "evaluations") {
            #expect(try todo.evaluations(request)["evaluations"] == expected, "\(request)")
        }
        let writers = """
            permit(principal in role::"%", action in [Action::"POST", Action::"PUT", Action::"DELETE"], resource)
            when { resource in [route::"/todos", route::"/todos/{todoId}"] };
            """
        let rules = Self.gateway + ["editor", "admin", "evil_genius"].map { writers.replacing("%", with: $0) }.joined()
        let gateway = try Self.service(rules, try Self.people("identity"))
        for (request, expected) in try Self.vectors("gateway-decisions", "evaluation") {
            #expect(try gateway.evaluation(request)["decision"] == expected, "\(request)")
        }
    }

    @Test(.enabled(if: suite.isPresent)) func `searches of the working group's vectors`() throws {
        let service = try Self.recordService()
        var count = 0
        for (file, list, search) in [
            ("search-subject", "evaluation", service.searchSubjects), ("search-resource", "evaluation", service.searchResources),
            ("search-action", "evaluation", service.searchActions), ("idp", "search", service.searchResources),
        ] {
            for (request, expected) in try Self.vectors(file, list) {
                #expect(Self.plain(try search(request)) == Self.plain(expected), "\(file) \(request)")
                count += 1
            }
        }
        #expect(count == 204)
    }

    // MARK: The rest of the standard

    private static let body: JSONValue = [
        "subject": ["type": "user", "id": "a"], "action": ["name": "view"], "resource": ["type": "doc", "id": "d"],
    ]

    @Test func `evaluations stop where their semantic says`() throws {
        let service = try Self.service("permit(principal, action, resource == doc::\"yes\");", [])
        func request(_ semantic: String) -> JSONValue {
            [
                "subject": ["type": "user", "id": "a"], "action": ["name": "view"], "options": ["evaluations_semantic": .string(semantic)],
                "evaluations": .array(["no", "yes", "no"].map { ["resource": ["type": "doc", "id": .string($0)]] }),
            ]
        }
        func decisions(_ semantic: String) throws -> [Bool] {
            try service.evaluations(request(semantic))["evaluations"]?.array?.compactMap { $0["decision"]?.bool } ?? []
        }
        #expect(try decisions("execute_all") == [false, true, false])
        #expect(try decisions("deny_on_first_deny") == [false])
        #expect(try decisions("permit_on_first_permit") == [false, true])
        #expect(throws: AuthZENError.self) { try decisions("other") }
    }

    @Test func `a malformed item is denied with its reason, the others are decided`() throws {
        let service = try Self.service("permit(principal, action, resource);", [])
        let answers = try service.evaluations([
            "subject": ["type": "user", "id": "a"], "action": ["name": "view"],
            "evaluations": [["resource": ["type": "doc"]], ["resource": ["type": "doc", "id": "d"]]],
        ])["evaluations"]?.array
        #expect(answers?.compactMap { $0["decision"]?.bool } == [false, true])
        #expect(answers?.first?["context"]?["error"]?["status"]?.int64 == 400)
    }

    @Test(arguments: ["subject", "action", "resource"])
    func `a request that lacks a part is refused`(part: String) throws {
        var object = Self.body.object ?? JSONObject()
        object[part] = nil
        let service = try Self.service("permit(principal, action, resource);", [])
        let error = #expect(throws: AuthZENError.self) { try service.evaluation(.object(object)) }
        #expect(error?.status == 400)
    }

    @Test func `the store's attributes cannot be overridden by properties`() throws {
        let owner = Entity(uid: EntityUID(type: "doc", id: "d"), attributes: Record([("secret", .bool(true))]))
        let service = try Self.service("permit(principal, action, resource) unless { resource.secret };", [owner])
        var object = Self.body.object ?? JSONObject()
        object["resource"] = ["type": "doc", "id": "d", "properties": ["secret": false]]
        #expect(try service.evaluation(.object(object))["decision"] == false)
    }

    @Test func `an erring forbid denies`() throws {
        let service = try Self.service("permit(principal, action, resource); forbid(principal, action, resource) when { context.x };", [])
        #expect(try service.evaluation(Self.body)["decision"] == false)
    }

    @Test func `a search is read page by page`() throws {
        let service = try Self.recordService()
        var request: JSONObject = ["subject": ["type": "user", "id": "alice"], "action": ["name": "view"], "resource": ["type": "record"]]
        var found: [JSONValue] = []
        var token = ""
        repeat {
            request["page"] = ["limit": 7, "token": .string(token)]
            let answer = try service.searchResources(.object(request))
            found += answer["results"]?.array ?? []
            token = answer["page"]?["next_token"]?.string ?? ""
        } while !token.isEmpty
        #expect(found.count == 20 && Set(found).count == 20)
    }
}
