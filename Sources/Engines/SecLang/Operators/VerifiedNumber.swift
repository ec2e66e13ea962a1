/// A pattern finds numbers in the value, and a check tells true ones from the rest.
struct VerifiedNumber: Sendable {
    private let regex: Regex
    let requirement: Requirement

    init(_ pattern: String, _ context: CompileContext) throws(Complaint) {
        let bytes = Array(pattern.utf8)
        regex = try context.regex(bytes)
        requirement = context.requirement(ofPattern: bytes)
    }

    func evaluate(_ value: Slice, _ run: OperatorRun, isTrue: (Slice) -> Bool) -> OperatorVerdict {
        var start = 0
        while start < value.count {
            switch regex.match(value, from: start, run.transaction.scratch) {
            case .absent: return .noMatch
            case .overLimit: return .overLimit
            case .overTime: return .overTime
            case .found:
                let found = run.transaction.scratch.group(0, of: value)
                if isTrue(found) {
                    run.note(found)
                    return .match
                }
                guard let offset = value.offset(of: found) else { return .noMatch }
                start = max(start, offset) + 1
            }
        }
        return .noMatch
    }
}

extension Slice {
    /// Where a part of this slice begins.
    fileprivate func offset(of part: Slice) -> Int? {
        let distance = unsafe part.base - base
        return distance >= 0 && distance <= count ? distance : nil
    }

    /// The decimal digits among the bytes.
    var digits: [Int] { bytes.filter(isDigit).map { Int($0) - 48 } }
}
