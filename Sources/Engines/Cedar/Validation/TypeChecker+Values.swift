extension TypeChecker {
    mutating func attribute(
        _ expression: Expression, _ operand: Expression, _ name: Text, _ prior: Set<Capability>
    ) -> Answer {
        let owner = expect([.anyEntity, .anyRecord], operand, prior)
        guard let type = owner.type else { return .fail(nil) }
        guard let attribute = schema.attribute(name, of: type, mode) else {
            report(.unsafeAttributeAccess, "attribute `\(name)` on `\(type)` not found", expression)
            return .fail(nil)
        }
        guard
            attribute.isRequired
                || prior.contains(Capability(isTag: false, owner: shape(of: operand), name: name.string))
        else {
            report(
                .unsafeOptionalAttributeAccess,
                "attribute `\(name)` on `\(type)` is optional: guard it by `has`", expression)
            return .fail(attribute.type)
        }
        return Answer(type: attribute.type, isOK: owner.isOK)
    }

    mutating func hasAttribute(_ operand: Expression, _ name: Text, _ prior: Set<Capability>) -> Answer {
        let owner = expect([.anyEntity, .anyRecord], operand, prior)
        guard let type = owner.type else { return .fail(.bool) }
        guard let attribute = schema.attribute(name, of: type, mode) else {
            return Answer(type: schema.mayHave(name, type) ? .bool : .constant(false), isOK: owner.isOK)
        }
        let capability = Capability(isTag: false, owner: shape(of: operand), name: name.string)
        var isCertain = prior.contains(capability)
        if case .record = type, attribute.isRequired { isCertain = true }
        return Answer(
            type: isCertain ? .constant(true) : .bool, isOK: owner.isOK, capabilities: owner.isOK ? [capability] : [])
    }

    mutating func isType(_ operand: Expression, _ type: Text, _ prior: Set<Capability>) -> Answer {
        let owner = expect([.anyEntity], operand, prior)
        switch owner.type {
        case .entity(let names):
            let result: CedarType = !names.contains(type) ? .constant(false) : names.count == 1 ? .constant(true) : .bool
            return Answer(type: result, isOK: owner.isOK)
        case .anyEntity: return Answer(type: .bool, isOK: owner.isOK)
        default: return .fail(.bool)
        }
    }

    mutating func set(_ expression: Expression, _ items: [Expression], _ prior: Set<Capability>) -> Answer {
        var isOK = true
        var types: [CedarType] = []
        for item in items {
            let answer = check(item, prior)
            isOK = isOK && answer.isOK
            if let type = answer.type { types.append(type) }
        }
        if items.isEmpty && mode == .strict {
            report(.emptySet, "the type of an empty set cannot be told", expression)
            return .fail(nil)
        }
        guard types.count == items.count else { return .fail(nil) }
        guard let bound = CedarType.leastUpperBound(of: types, mode) else {
            let names = Set(types.map { "`\($0)`" }).sorted().joined(separator: ", ")
            report(.incompatibleTypes, "the elements of the set have the types \(names), which do not agree", expression)
            return .fail(nil)
        }
        return Answer(type: .set(bound), isOK: isOK)
    }

    mutating func record(_ pairs: [(Text, Expression)], _ prior: Set<Capability>) -> Answer {
        var isOK = true
        var attributes: [Text: AttributeType] = [:]
        for (name, value) in pairs {
            let answer = check(value, prior)
            isOK = isOK && answer.isOK
            if let type = answer.type { attributes[name] = AttributeType(type: type, isRequired: true) }
        }
        guard attributes.count == pairs.count else { return .fail(nil) }
        return Answer(type: .record(RecordType(attributes: attributes)), isOK: isOK)
    }

    mutating func call(
        _ expression: Expression, _ function: ExtensionFunction, _ arguments: [Expression], _ prior: Set<Capability>
    ) -> Answer {
        let result = CedarType(function.resultType)
        var isOK = true
        func fault(_ code: ValidationResult.Issue.Code, _ message: String) {
            report(code, message, expression)
            isOK = false
        }
        if arguments.count != function.argumentTypes.count {
            fault(.wrongNumberOfArguments, "`\(function.rawValue)` takes \(function.argumentTypes.count) arguments, not \(arguments.count)")
        }
        if function.isConstructor {
            if arguments.count == 1, case .string(let text) = arguments[0].kind {
                do { _ = try function.apply([.string(text)]) } catch { fault(.invalidExtensionLiteral, error.description) }
            }
            if mode == .strict, arguments.contains(where: { !$0.isLiteral }) {
                fault(.extensionConstructorOnNonLiteral, "`\(function.rawValue)` takes a literal")
            }
        }
        guard isOK else {
            for argument in arguments { _ = check(argument, prior) }
            return .fail(result)
        }
        for (argument, type) in zip(arguments, function.argumentTypes) where !expect([CedarType(type)], argument, prior).isOK {
            isOK = false
        }
        return Answer(type: result, isOK: isOK)
    }
}

extension CedarType {
    fileprivate init(_ type: ExtensionType) {
        switch type {
        case .bool: self = .bool
        case .long: self = .long
        case .string: self = .string
        default: self = .extension(type)
        }
    }
}

extension Expression {
    fileprivate var isLiteral: Bool {
        switch kind {
        case .bool, .long, .string, .entity: true
        default: false
        }
    }
}
