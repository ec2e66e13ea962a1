extension Transaction {
    /// The first value of a variable, for macros; empty where there is none.
    func firstValue(_ target: Target) -> Slice {
        if let table = target.table {
            for entry in workspace.tables[table] where target.selector.accepts(entry.name, scratch) { return workspace.value(entry.node) }
            return .empty
        }
        if case .slot(let slot) = target.selector { return workspace.variables[slot] ?? .empty }
        var first: Slice?
        forEachValue(target) { _, value in
            if first == nil { first = value }
        }
        return first ?? .empty
    }

    /// How many members a collection has.
    func count(_ target: Target) -> Int {
        if let table = target.table {
            if case .all = target.selector, target.exclusions.isEmpty { return workspace.tables[table].count }
            return workspace.tables[table].count { target.selector.accepts($0.name, scratch) }
        }
        if case .slot(let slot) = target.selector { return workspace.variables[slot] == nil ? 0 : 1 }
        var count = 0
        forEachValue(target) { _, _ in count += 1 }
        return count
    }

    /// Gives the values of a variable that has no table, with their member names.
    func forEachValue(_ target: Target, _ body: (Slice, Slice) -> Void) {
        switch target.variable {
        case .tx: forEachTransactionVariable(target, body)
        case .ip, .global, .session, .user, .resource:
            for member in collections[target.variable]?.members ?? [] where target.selector.accepts(member.name, scratch) {
                body(member.name, member.value)
            }
        case .geo:
            for (name, value) in geo?.members ?? [] {
                let slice = arena.copy(name)
                if target.selector.accepts(slice, scratch) { body(slice, arena.copy(value)) }
            }
        case .matchedVars:
            for match in matchedVariables {
                let name = self.name(match.target, match.member)
                if target.selector.accepts(name, scratch) { body(name, match.value) }
            }
        case .matchedVarsNames:
            for match in matchedVariables {
                let name = self.name(match.target, match.member)
                if target.selector.accepts(name, scratch) { body(name, name) }
            }
        case .rule: forRule(target, body)
        case .xml: if hasXMLDocument { body(.empty, arena.copy("[XML document tree]")) }
        default:
            if let value = single(target.variable) { body(.empty, value) }
        }
    }

    private func forEachTransactionVariable(_ target: Target, _ body: (Slice, Slice) -> Void) {
        if case .slot(let slot) = target.selector {
            if let value = workspace.variables[slot] { body(workspace.name(ofVariable: slot), value) }
            return
        }
        for slot in workspace.variableOrder {
            let name = workspace.name(ofVariable: Int(slot))
            if target.selector.accepts(name, scratch), let value = workspace.variables[Int(slot)] { body(name, value) }
        }
    }

    private func forRule(_ target: Target, _ body: (Slice, Slice) -> Void) {
        guard let actions = starter?.actions, case .name(let name) = target.selector else { return }
        let value: Slice? =
            switch name.text.lowercased() {
            case "id": actions.id.map(arena.decimal)
            case "rev": actions.revision.map(arena.copy)
            case "severity": actions.severity.map(arena.decimal)
            case "msg": actions.message?.expand(self)
            case "logdata": actions.logData?.expand(self)
            case "ver": actions.version.map(arena.copy)
            case "maturity": actions.maturity.map(arena.decimal)
            case "accuracy": actions.accuracy.map(arena.decimal)
            default: nil
            }
        if let value { body(name, value) }
    }

    /// A single value that is made when asked for.
    private func single(_ variable: Variable) -> Slice? {
        switch variable {
        case .matchedVar: matchedValue
        case .matchedVarName: matchedName
        case .argsCombinedSize: arena.decimal(argumentBytes)
        case .filesCombinedSize: arena.decimal(filesSize)
        case .requestBodyLength: arena.decimal(requestBody.count)
        case .fullRequest: fullRequest()
        case .fullRequestLength: arena.decimal(fullRequest().count)
        case .highestSeverity: arena.decimal(highestSeverity)
        case .requestBodyProcessor: arena.copy(processor?.rawValue ?? "")
        case .reqbodyError, .reqbodyProcessorError: arena.decimal(processorFailed ? 1 : 0)
        case .reqbodyErrorMsg, .reqbodyProcessorErrorMsg: bodyError.map(arena.copy)
        case .urlencodedError: arena.decimal(hasURLEncodingError ? 1 : 0)
        case .inboundDataError: arena.decimal(isRequestTooLong ? 1 : 0)
        case .outboundDataError: arena.decimal(isResponseTooLong ? 1 : 0)
        case .sdbmDeleteError: arena.decimal(0)
        case .responseContentLength: responseLength >= 0 ? arena.decimal(responseLength) : nil
        case .sessionid: collections[.session]?.key
        case .userid: collections[.user]?.key
        case .webappid: arena.copy(rules.settings.applicationID)
        case .modsecBuild: arena.copy("020907100")
        case .duration: arena.decimal(Int((environment.clock?() ?? startTime) - startTime) / 1_000)
        default: multipart(variable) ?? time(variable)
        }
    }

    private func multipart(_ variable: Variable) -> Slice? {
        let flag: MultipartFlags =
            switch variable {
            case .multipartBoundaryQuoted: .boundaryQuoted
            case .multipartBoundaryWhitespace: .boundaryWhitespace
            case .multipartDataAfter: .dataAfter
            case .multipartDataBefore: .dataBefore
            case .multipartHeaderFolding: .headerFolding
            case .multipartCRLFLine: .crlfLine
            case .multipartLFLine: .lfLine
            case .multipartMissingSemicolon: .missingSemicolon
            case .multipartInvalidPart: .invalidPart
            case .multipartInvalidQuoting: .invalidQuoting
            case .multipartInvalidHeaderFolding: .invalidHeaderFolding
            case .multipartFileLimitExceeded: .fileLimitExceeded
            case .multipartUnmatchedBoundary: .unmatchedBoundary
            case .multipartStrictError: .strict
            case .multipartCRLFLFLines: [.crlfLine, .lfLine]
            default: []
            }
        guard !flag.isEmpty else { return nil }
        let isRaised = variable == .multipartStrictError ? !multipartFlags.isDisjoint(with: flag) : multipartFlags.isSuperset(of: flag)
        return arena.decimal(isRaised ? 1 : 0)
    }

    private func fullRequest() -> Slice {
        var parts: [Slice] = []
        if let table = Variable.requestLine.table, let line = workspace.tables[table].first { parts.append(workspace.value(line.node)) }
        let lineEnd = arena.copy("\r\n")
        parts.append(lineEnd)
        if let table = Variable.requestHeaders.table {
            for entry in workspace.tables[table] { parts += [entry.name, arena.copy(": "), workspace.value(entry.node), lineEnd] }
        }
        parts += [lineEnd, arena.copy(requestBody)]
        return arena.write(capacity: parts.reduce(0) { $0 + $1.count }) { output in
            for part in parts { output.append(part) }
        }
    }
}
