/// `@rx pattern`: PCRE2 finds the pattern in the value; `.` takes line feeds and `$` is the very end, as in ModSecurity 2.9.
///
/// Limit: the rule set's match limit. A search that uses it up counts as over the limit, never as no match.
struct RegexMatch: Operator {
    let regex: Regex?
    private let pattern: Macro
    let requirement: Requirement

    init(_ argument: String, _ context: CompileContext) throws(Complaint) {
        pattern = try Macro.read(argument, context)
        guard pattern.constant != nil else {
            (regex, requirement) = (nil, .none)
            return
        }
        let bytes = Array(argument.utf8)
        regex = try context.regex(bytes)
        requirement = context.requirement(ofPattern: bytes)
    }

    var dependsOnValueOnly: Bool { regex != nil }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        guard let regex = regex ?? run.transaction.regex(pattern) else { return .noMatch }
        let scratch = run.transaction.scratch
        switch regex.match(value, scratch, isInTime: run.transaction.isInTime) {
        case .absent: return .noMatch
        case .overLimit: return .overLimit
        case .overTime: return .overTime
        case .found(let groups):
            run.transaction.matchedPart = scratch.group(0, of: value)
            guard run.captures else { return .match }
            for index in 0..<MatchScratch.groups {
                if index < groups {
                    run.transaction.setCapture(index, scratch.group(index, of: value))
                } else {
                    run.transaction.clearCapture(index)
                }
            }
            return .match
        }
    }
}

extension RegexMatch {
    /// A pattern whose variables have been filled in: characters that mean something in patterns stand for themselves, but `|`, `*`,
    /// `^` and `$`, as in ModSecurity 2.9.
    static func escape(_ text: Slice, _ arena: Arena) -> Slice {
        arena.write(capacity: text.count * 4) { output in
            for index in 0..<text.count {
                let byte = text[index]
                if "+.][()?/\\".utf8.contains(byte) { output.append(92) }
                if byte < 32 || byte > 126 {
                    output.append("\\x")
                    output.append(lowerHexDigits[Int(byte >> 4)])
                    output.append(lowerHexDigits[Int(byte & 15)])
                } else {
                    output.append(byte)
                }
            }
        }
    }
}
