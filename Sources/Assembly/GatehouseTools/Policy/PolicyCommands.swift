import Cedar
import Foundation
import StrictJSON

/// What the commands of `gatehouse policy` do. Each gives the exit code: 0 done or allowed, 1 failure, 2 denied or
/// different, 3 not valid.
public struct PolicyCommands: Sendable {
    /// Where lines go.
    let print: @Sendable (String) -> Void

    /// Commands that print by this function.
    public init(print: @escaping @Sendable (String) -> Void = { Swift.print($0) }) {
        self.print = print
    }

    /// The files of a decision.
    public struct Files: Sendable {
        /// The policies: a file, a folder, or text in place.
        public var policies: String
        /// The entities as JSON; `nil` for none.
        public var entities: String?
        /// The schema, in either form; `nil` for none.
        public var schema: String?

        /// The pieces of a policy store.
        public init(policies: String, entities: String? = nil, schema: String? = nil) {
            self.policies = policies
            self.entities = entities
            self.schema = schema
        }

        func loadedSchema() throws -> Schema? { try schema.map(PolicyFiles.schema) }

        func loadedEntities(_ schema: Schema?) throws -> Entities {
            if let entities { return try PolicyFiles.entities(entities, schema) }
            return try Entities(schema?.actionEntities ?? [])
        }
    }

    /// Decides the requests of a file, one line each. Exit code 0 where each got an answer, else 1.
    public func authorize(_ files: Files, requests path: String) throws -> Int32 {
        var request: JSONObject = ["policies": .string(files.policies)]
        request["entities"] = files.entities.map(JSONValue.string)
        request["schema"] = files.schema.map(JSONValue.string)
        let loaded = LoadedCase(.object(request))
        let document = try JSONDocument(try PolicyFiles.bytes(path), limits: .trusted)
        for node in PolicyCases.requests(document.root) { print(loaded.result(node).serialized()) }
        return loaded.fault == nil ? 0 : 1
    }

    /// Decides one request: exit code 0 allow, 2 deny.
    public func authorize(_ files: Files, _ request: OneRequest) throws -> Int32 {
        let schema = try files.loadedSchema()
        let entities = try files.loadedEntities(schema)
        let authorizer = Authorizer(try PolicyFiles.policies(files.policies))
        let response = authorizer.decide(try request.request(schema), entities: entities)
        print(response.json.serialized())
        for error in response.errors { Self.complain("\(error.policy): \(error.error)") }
        return response.decision == .allow ? 0 : 2
    }

    /// Checks policies against a schema: exit code 0 valid, 3 not valid.
    public func validate(_ files: Files, permissive: Bool, level: Int?) throws -> Int32 {
        guard let path = files.schema else { throw PolicyToolError("validation needs a schema") }
        let schemaBytes = try PolicyFiles.bytes(path)
        let policyBytes = try PolicyFiles.bytes(files.policies)
        let schema: Schema
        let policies: PolicySet
        do {
            schema = try Schema(parsing: schemaBytes)
        } catch {
            print("error: \(path): \(error)")
            return 3
        }
        do {
            policies = try PolicySet(parsingEither: policyBytes)
        } catch {
            print("error: \(files.policies): \(error)")
            return 3
        }
        let result = Validator(schema: schema).validate(policies, mode: permissive ? .permissive : .strict, maximumLevel: level)
        for issue in result.errors { print("error: \(issue.line)") }
        for issue in result.warnings { print("warning: \(issue.line)") }
        print(result.isValid ? "valid" : "not valid: \(result.errors.count) errors")
        return result.isValid ? 0 : 3
    }

    /// Writes policy text in one layout; with `check` only tells whether it has it: exit code 0, else 2.
    public func format(_ path: String, width: Int, indent: Int, check: Bool, inPlace: Bool) throws -> Int32 {
        let text = String(decoding: try PolicyFiles.bytes(path), as: UTF8.self)
        let formatted: String
        do {
            formatted = try PolicyFormatter(width: width, indent: indent).format(text)
        } catch {
            throw PolicyToolError("\(path): \(error)")
        }
        if check { return formatted == text ? 0 : 2 }
        if inPlace {
            try Data(formatted.utf8).write(to: URL(fileURLWithPath: path))
        } else {
            print(String(formatted.dropLast()))
        }
        return 0
    }

    /// Writes policies or a schema in their other form.
    public func translate(_ path: String, to form: TranslationForm) throws -> Int32 {
        let text = try PolicyFiles.named(path) { bytes in
            switch form {
            case .policyJSON: try PolicySet(parsingEither: bytes).jsonText(.pretty)
            case .policyText: try PolicySet(parsingEither: bytes).cedarText
            case .schemaJSON: try SchemaFragment(parsingEither: bytes).json.serialized(.pretty)
            case .schemaText: try SchemaFragment(parsingEither: bytes).cedarText()
            }
        }
        print(text)
        return 0
    }

    /// Links templates and prints the set with its links in the JSON policy format.
    public func link(_ path: String, template: String, as id: String, arguments: [String]) throws -> Int32 {
        var set = try PolicyFiles.policies(path)
        var values: [Slot: EntityUID] = [:]
        for argument in arguments {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let slot = Slot(rawValue: parts[0].hasPrefix("?") ? parts[0] : "?" + parts[0]) else {
                throw PolicyToolError("`\(argument)` is not of the form `?principal=User::\"alice\"`")
            }
            values[slot] = try EntityUID(parsing: parts[1])
        }
        try set.link(template: template, as: id, values: values)
        print(set.jsonText(.pretty))
        return 0
    }

    static func complain(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}

/// What to translate to.
public enum TranslationForm: Sendable {
    case policyJSON, policyText, schemaJSON, schemaText
}

/// A request given on the command line, or in a file.
public struct OneRequest: Sendable {
    /// A file with the request as JSON; the other pieces replace its members.
    public var file: String?
    /// The principal, such as `User::"alice"`.
    public var principal: String?
    /// The action, such as `Action::"read"`.
    public var action: String?
    /// The resource, such as `Photo::"1"`.
    public var resource: String?
    /// The context, as JSON.
    public var context: String?

    /// A request in pieces.
    public init(file: String? = nil, principal: String? = nil, action: String? = nil, resource: String? = nil, context: String? = nil) {
        self.file = file
        self.principal = principal
        self.action = action
        self.resource = resource
        self.context = context
    }

    func request(_ schema: Schema?) throws -> Request {
        if let file { return try PolicyFiles.named(file) { try Request(parsing: $0, schema: schema) } }
        guard let principal, let action, let resource else {
            throw PolicyToolError("a request needs principal, action and resource, or a file")
        }
        let context = try context.map { try JSONValue(parsing: try PolicySource().bytes(.string($0))) } ?? .object([:])
        let body: JSONValue = [
            "principal": try EntityUID(parsing: principal).json, "action": try EntityUID(parsing: action).json,
            "resource": try EntityUID(parsing: resource).json, "context": context,
        ]
        return try Request(parsing: body.bytes(), schema: schema)
    }
}
