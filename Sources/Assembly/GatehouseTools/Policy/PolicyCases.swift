import Cedar
import StrictJSON

/// Answers whole cases, one JSON object a line.
///
/// `{"policies":…,"entities":…,"schema":…,"requests":…}` gives `{"valid":true,"results":[…]}`. Each piece is a path, text
/// or JSON in place; `schema` may be left out. `valid` is null without a schema. A request that must be refused gives
/// `{"error":"why"}`. `"want"` lists translations to add: `policyJSON`, `formatted`, `schemaJSON`, `schemaText`,
/// `permissive` (the verdict of permissive validation), `issues`.
public struct PolicyCases: Sendable {
    /// Cases that are answered one by one, each with its own policies.
    public init() {}

    /// The answer to one line.
    public func answer(_ line: String) -> String {
        do {
            return try respond(try JSONValue(parsing: line, limits: .trusted)).serialized()
        } catch {
            return JSONValue.object(["error": .string("\(error)")]).serialized()
        }
    }

    private func respond(_ request: JSONValue) throws -> JSONValue {
        let loaded = LoadedCase(request)
        var answer: JSONObject = ["valid": loaded.valid.map(JSONValue.bool) ?? .null]
        if let fault = loaded.fault { answer["error"] = .string(fault) }
        if let requests = request["requests"] { answer["results"] = .array(try results(requests, loaded)) }
        for want in request["want"]?.array ?? [] {
            guard let name = want.string else { continue }
            answer[name] = loaded.extra(name)
        }
        return .object(answer)
    }

    private func results(_ value: JSONValue, _ loaded: LoadedCase) throws -> [JSONValue] {
        let document = try JSONDocument(try PolicySource().bytes(value), limits: .trusted)
        return Self.requests(document.root).map(loaded.result)
    }

    /// The requests of a list, of an object with `requests`, or the single one that the object is.
    static func requests(_ root: JSONNode) -> [JSONNode] {
        if root.kind == .array { return Array(root.elements) }
        return root["requests"].map { Array($0.elements) } ?? [root]
    }
}

/// The pieces of a case, with what was wrong with them.
struct LoadedCase {
    private(set) var schema: Schema?
    private(set) var policies: PolicySet?
    private(set) var entities = Entities()
    private(set) var valid: Bool?
    /// Why no request of the case can be answered.
    private(set) var fault: String?
    private var authorizer: Authorizer?
    private var policyText: [UInt8] = []
    private var schemaText: [UInt8]?

    init(_ request: JSONValue) {
        do {
            if let value = request["schema"], !value.isNull {
                let bytes = try PolicySource().bytes(value)
                schemaText = bytes
                schema = try Schema(parsing: bytes)
            }
            if let value = request["policies"], !value.isNull {
                policyText = try PolicySource().bytes(value)
                let set = try PolicySet(parsingEither: policyText)
                policies = set
                authorizer = Authorizer(set)
                if let schema { valid = Validator(schema: schema).validate(set).isValid }
            }
            if let value = request["entities"], !value.isNull {
                entities = try Entities(parsing: try PolicySource().bytes(value), schema: schema)
            } else if let schema {
                entities = try Entities(schema.actionEntities)
            }
        } catch {
            fault = "\(error)"
            if policies == nil { valid = false }
        }
    }

    /// The answer to one request: a decision or `{"error":"why"}`.
    func result(_ node: JSONNode) -> JSONValue {
        if let fault { return ["error": .string(fault)] }
        guard let authorizer else { return ["error": "no policies"] }
        do {
            let checked = node["validateRequest"]?.bool ?? true
            let request = try Request(json: node, schema: schema, checked: checked)
            return authorizer.decide(request, entities: entities).json
        } catch {
            return ["error": .string("\(error)")]
        }
    }

    /// A translation or verdict beside the decisions; null where there is none.
    func extra(_ name: String) -> JSONValue {
        switch name {
        case "policyJSON": policies?.json ?? .null
        case "formatted":
            (try? PolicyFormatter().format(String(decoding: policyText, as: UTF8.self))).map(JSONValue.string) ?? .null
        case "schemaJSON": fragment?.json ?? .null
        case "schemaText": (try? fragment?.cedarText()).map(JSONValue.string) ?? .null
        case "permissive": verdict(.permissive)?.isValid.json ?? .null
        case "issues": .array((verdict(.strict)?.errors ?? []).map(\.json))
        default: .null
        }
    }

    private var fragment: SchemaFragment? { schemaText.flatMap { try? SchemaFragment(parsingEither: $0) } }

    private func verdict(_ mode: ValidationMode) -> ValidationResult? {
        guard let schema, let policies else { return nil }
        return Validator(schema: schema).validate(policies, mode: mode)
    }
}

extension Bool {
    fileprivate var json: JSONValue { .bool(self) }
}

extension Response {
    /// `{"decision":"allow","reason":["policy0"],"errors":[]}`
    var json: JSONValue {
        [
            "decision": .string(decision.rawValue), "reason": .array(reasons.map(JSONValue.string)),
            "errors": .array(errors.map { .string($0.policy) }),
        ]
    }
}

extension ValidationResult.Issue {
    var json: JSONValue {
        var object: JSONObject = ["policy": .string(policy), "code": .string(code.rawValue), "message": .string(message)]
        object["line"] = position.map { JSONValue($0.line) }
        object["column"] = position.map { JSONValue($0.column) }
        return .object(object)
    }

    /// The issue as a line for people.
    var line: String { "\(policy): \(message)" + (position.map { " (\($0))" } ?? "") }
}
