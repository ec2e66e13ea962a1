internal import Crypto
internal import Foundation

/// Who may do what in the demo's shop: two users with keys, and everyone else.
enum DemoPolicies {
    /// The users' API keys; the demo prints them.
    static let keys = ["alice": "alice-demo-key-17", "bob": "bob-demo-key-is-18"]

    /// Names, types and actions.
    static let schema = """
        entity Role;
        entity Visitor;
        entity User in [Role] = { subject: String };
        entity Route;
        entity Profile = { name: String };
        entity Order = { owner: String };
        action home, describe, listItems, readItem, search, slow, crash appliesTo { principal: [User, Visitor], resource: Route };
        action placeOrder appliesTo { principal: [User, Visitor], resource: Route };
        action readOrder appliesTo { principal: [User, Visitor], resource: Order };
        action readUser, readSecrets appliesTo { principal: [User, Visitor], resource: Profile };
        """

    /// What is permitted; all else is denied.
    static let policies = """
        @id("everyone-looks-around")
        permit (principal, action in [Action::"home", Action::"describe", Action::"listItems", Action::"readItem", Action::"search", Action::"slow", Action::"crash"], resource);

        @id("users-order")
        permit (principal is User, action == Action::"placeOrder", resource);

        @id("owners-read-their-orders")
        permit (principal is User, action == Action::"readOrder", resource)
        when { resource.owner == principal.subject };

        @id("clerks-read-every-order")
        permit (principal in Role::"clerk", action == Action::"readOrder", resource);

        @id("users-read-themselves")
        permit (principal is User, action == Action::"readUser", resource)
        when { resource.name == principal.subject };
        """

    /// YAML lines of the service; paths are those of ``write(to:)``.
    static func section(_ folder: String) -> String {
        """
            guards:
              authentication:
                require: optional
                api_keys: {file: \(folder)/keys}
            authorization:
              policies: \(folder)/policies
              schema: \(folder)/shop.cedarschema
              decision_log: \(folder)/decisions.jsonl
              mapping: {anonymous: Visitor, issuers: {gatehouse: shop}}
              routes:
                - {path: /, methods: [GET], action: home}
                - {path: /openapi.json, methods: [GET], action: describe}
                - {path: /slow, methods: [GET], action: slow}
                - {path: /crash, methods: [GET], action: crash}
                - path: '/orders/{id}'
                  methods: [GET]
                  resource: 'Order::"{id}"'
                  response: {attributes: {owner: /owner}}
                - path: '/users/{name}'
                  methods: [GET]
                  resource: 'Profile::"{name}"'
                  response: {fields: [{at: /password_hash, action: readSecrets}]}
        """
    }

    /// Writes policies, schema and the hashes of the keys.
    static func write(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder + "/policies", withIntermediateDirectories: true)
        let hashes = keys.sorted { $0.key < $1.key }.map { name, key in
            let digest = SHA256.hash(data: Array(key.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            return "\(name) sha256:\(digest)\(name == "bob" ? " roles=clerk" : "")\n"
        }
        for (name, text) in [("policies/shop.cedar", policies), ("shop.cedarschema", schema), ("keys", hashes.joined())] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
    }
}
