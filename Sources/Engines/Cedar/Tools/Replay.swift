public import StrictJSON

/// Runs logged decisions against another policy set and lists those that change.
public struct Replay: Sendable {
    /// A decision as it was logged.
    public struct LoggedDecision: Sendable {
        /// The log's name of the decision; nil where it has none.
        public let id: String?
        /// What was asked.
        public let request: Request
        /// What was decided then.
        public let decision: Decision
        /// The policies that decided then.
        public let reasons: [String]

        /// Entities that the request brought along, on top of the store's.
        public let entities: [Entity]

        /// A decision from a log.
        public init(id: String? = nil, request: Request, decision: Decision, reasons: [String] = [], entities: [Entity] = []) {
            self.id = id
            self.entities = entities
            self.request = request
            self.decision = decision
            self.reasons = reasons
        }

        /// Reads `{"decision", "reason"?, "id"?, "entities"?}` with the request in `request` or beside them.
        ///
        /// - Throws: ``CedarError`` with the code `request`, or `limit`.
        public init(parsing bytes: [UInt8], schema: Schema? = nil, limits: CedarLimits = CedarLimits()) throws(CedarError) {
            let read = JSONReading(code: .request)
            let node = try read.document(bytes, limits).root
            let word = try read.string(try read.member(node, "decision", "a logged decision"), "`decision`")
            guard let decision = Decision(rawValue: word.lowercased()) else { throw read.failure("`\(word)` is no decision", node) }
            self.init(
                id: node["id"]?.string, request: try Request(json: node["request"] ?? node, schema: schema, checked: false),
                decision: decision, reasons: (node["reason"] ?? node["reasons"])?.elements.compactMap(\.string) ?? [],
                entities: try node["entities"].map { (list) throws(CedarError) in try Self.entities(list, limits) } ?? [])
        }
    }

    /// The decisions of a gateway's log, line by line; lines that hold none, such as counts of what was lost, are passed over, and so
    /// are questions that an answer of the backend had yet to decide.
    ///
    /// - Throws: ``CedarError`` whose line is that of the log.
    public static func log(_ bytes: [UInt8], schema: Schema? = nil) throws(CedarError) -> [LoggedDecision] {
        var logged: [LoggedDecision] = []
        for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() where !line.isEmpty {
            let line = Array(line)
            if let value = try? JSONValue(parsing: line), value["decision"] == .some("open") || value["lost"] != nil { continue }
            do throws(CedarError) {
                logged.append(try LoggedDecision(parsing: line, schema: schema))
            } catch {
                throw CedarError(error.code, error.message, at: SourcePosition(line: number + 1, column: error.position?.column ?? 1))
            }
        }
        return logged
    }

    /// A decision that another set takes otherwise.
    public struct Flip: Sendable {
        /// Place in the log, from 0.
        public let index: Int
        /// The decision as it was logged.
        public let logged: LoggedDecision
        /// What the candidate set says.
        public let response: Response

        /// The flip for programs.
        public var json: JSONValue {
            var object: JSONObject = ["index": JSONValue(index)]
            object["id"] = logged.id.map(JSONValue.string)
            object["before"] = .string(logged.decision.rawValue)
            object["after"] = .string(response.decision.rawValue)
            object["reasonBefore"] = .array(logged.reasons.map(JSONValue.string))
            object["reasonAfter"] = .array(response.reasons.map(JSONValue.string))
            object["errorsAfter"] = .array(response.errors.map { .string($0.policy) })
            object["request"] = logged.request.json
            return .object(object)
        }
    }

    /// The decisions that the candidate takes otherwise.
    ///
    /// - Parameter denyOnForbidError: Counts an allow as deny where a `forbid` of the candidate failed, as the gateway does.
    public static func flips(
        _ log: [LoggedDecision], candidate: Authorizer, entities: Entities, denyOnForbidError: Bool = false
    ) -> [Flip] {
        log.enumerated().compactMap { index, logged in
            let response = candidate.decide(
                logged.request, entities: logged.entities.isEmpty ? entities : entities.overlaying(logged.entities))
            let decision = denyOnForbidError ? response.failClosed : response.decision
            return decision == logged.decision ? nil : Flip(index: index, logged: logged, response: response)
        }
    }
}

extension Replay.LoggedDecision {
    fileprivate static func entities(_ list: JSONNode, _ limits: CedarLimits) throws(CedarError) -> [Entity] {
        do {
            return try Entities(json: list, limits: limits).all
        } catch {
            throw error as? CedarError ?? CedarError(.entities, "\(error)")
        }
    }
}

extension Response {
    /// The decision under the rule that an erring `forbid` denies: Cedar itself skips it, so that a slip in a forbid
    /// beside a broad permit would allow.
    public var failClosed: Decision { hasErringForbid ? .deny : decision }
}
