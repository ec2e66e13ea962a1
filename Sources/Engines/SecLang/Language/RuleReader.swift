/// Reads rule text, directive by directive, into definitions and settings.
struct RuleReader {
    /// No set may hold more rules.
    static let ruleLimit = 100_000
    /// Files may include each other so deep.
    static let includeLimit = 32

    let context: CompileContext
    var settings = Settings()
    var rules: [RuleDefinition] = []
    var defaults: [Int: [RuleDefinition.PlacedAction]] = [:]
    /// Exclusions that would switch the whole firewall off, or blind it.
    var dangers: [SecLangError] = []
    private var includeDepth = 0

    init(context: CompileContext) { self.context = context }

    mutating func read(_ source: RuleSource) throws(SecLangError) {
        let outer = context.file
        context.file = source.name
        defer { context.file = outer }
        var reader = DirectiveReader(text: source.text, file: source.name)
        while let directive = try reader.next() {
            do {
                try take(directive)
            } catch let complaint as Complaint {
                throw SecLangError(complaint.reason, at: directive.location)
            } catch let error as SecLangError {
                throw error
            } catch {
                throw SecLangError("\(error)", at: directive.location)
            }
        }
    }

    private mutating func take(_ directive: Directive) throws {
        switch directive.name.lowercased() {
        case "secrule": try takeRule(directive)
        case "secaction": try takeAction(directive)
        case "secmarker": try takeMarker(directive)
        case "secdefaultaction": try takeDefaults(directive)
        case "include", "includeoptional": try takeInclude(directive)
        case "secruleremovebyid", "secruleremovebytag", "secruleremovebymsg": try removeRules(directive)
        case "secruleupdatetargetbyid", "secruleupdatetargetbytag", "secruleupdatetargetbymsg": try updateTargets(directive)
        case "secruleupdateactionbyid": try updateActions(directive)
        default: try takeSetting(directive)
        }
    }

    private mutating func takeInclude(_ directive: Directive) throws {
        guard let pattern = directive.arguments.first?.text, directive.arguments.count == 1 else {
            throw Complaint("`\(directive.name)` takes one path")
        }
        guard includeDepth < Self.includeLimit else { throw Complaint("files include each other more than \(Self.includeLimit) deep") }
        includeDepth += 1
        defer { includeDepth -= 1 }
        let isOptional = directive.name.lowercased() == "includeoptional"
        for source in try context.resolver.include(pattern, context.file, isOptional) { try read(source) }
    }
}

extension RuleReader {
    private mutating func takeRule(_ directive: Directive) throws {
        guard (2...3).contains(directive.arguments.count) else { throw Complaint("`SecRule` takes targets, an operator and actions") }
        let targets = try at(directive, 0) { () throws(Complaint) in
            try TargetDefinition.read(directive.arguments[0].text, at: { directive.location(argument: 0, offset: $0) })
        }
        let (isNegated, name, argument) = RuleReader.operatorParts(directive.arguments[1].text)
        try add(
            RuleDefinition(
                location: directive.location, targets: targets, operatorName: name, operatorArgument: argument,
                operatorLocation: directive.location(argument: 1), isNegated: isNegated, actions: try actions(directive, 2),
                defaults: defaults,
                file: context.file))
    }

    private mutating func takeAction(_ directive: Directive) throws {
        guard directive.arguments.count == 1 else { throw Complaint("`SecAction` takes a list of actions") }
        let target = TargetDefinition(kind: .inclusion, variable: .remoteAddr, selector: nil, location: directive.location)
        try add(
            RuleDefinition(
                location: directive.location, targets: [target], operatorName: "unconditionalMatch", operatorArgument: "",
                operatorLocation: directive.location, isNegated: false, actions: try actions(directive, 0), defaults: defaults,
                file: context.file))
    }

    private mutating func takeMarker(_ directive: Directive) throws {
        guard let name = directive.arguments.first?.text, directive.arguments.count == 1 else {
            throw Complaint("`SecMarker` takes a name")
        }
        rules.append(
            RuleDefinition(
                location: directive.location, targets: [], operatorName: "", operatorArgument: "", operatorLocation: directive.location,
                isNegated: false, actions: [], defaults: [:], marker: name, file: context.file))
    }

    private mutating func takeDefaults(_ directive: Directive) throws {
        guard directive.arguments.count == 1 else { throw Complaint("`SecDefaultAction` takes a list of actions") }
        let list = try actions(directive, 0)
        guard let phase = list.last(where: { $0.item.name.lowercased() == "phase" })?.item.value else {
            throw Complaint("a phase is missing")
        }
        if let item = list.first(where: { $0.item.name.lowercased() == "t" }) {
            throw SecLangError("transformations have no place in `SecDefaultAction`", at: item.location)
        }
        defaults[try PhaseAction.phase(phase)] = list
    }

    private mutating func add(_ rule: RuleDefinition) throws {
        guard rules.count < Self.ruleLimit else { throw Complaint("there are more than \(Self.ruleLimit) rules") }
        rules.append(rule)
    }

    private func actions(_ directive: Directive, _ argument: Int) throws -> [RuleDefinition.PlacedAction] {
        guard argument < directive.arguments.count else { return [] }
        let items = try at(directive, argument) { () throws(Complaint) in try NameValueList.read(directive.arguments[argument].text) }
        return RuleDefinition.placed(items) { directive.location(argument: argument, offset: $0) }
    }

    /// Runs `body` and gives its complaint a place inside an argument.
    func at<Result>(_ directive: Directive, _ argument: Int, _ body: () throws(Complaint) -> Result) throws(SecLangError) -> Result {
        do {
            return try body()
        } catch {
            throw SecLangError(error.reason, at: directive.location(argument: argument, offset: error.offset))
        }
    }

    /// `!@name argument`, `@name argument`, or a regular expression.
    static func operatorParts(_ text: String) -> (isNegated: Bool, name: String, argument: String) {
        var rest = Substring(text)
        let isNegated = rest.hasPrefix("!")
        if isNegated { rest = rest.dropFirst().drop { $0.isWhitespace } }
        guard rest.hasPrefix("@") else { return (isNegated, "rx", String(rest)) }
        let name = rest.dropFirst().prefix { !$0.isWhitespace }
        let argument = rest.dropFirst(name.count + 1).drop { $0.isWhitespace }
        return (isNegated, String(name), String(argument))
    }
}
