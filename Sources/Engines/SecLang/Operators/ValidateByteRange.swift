/// `@validateByteRange 32-126,9,10,13`: the value holds a byte outside the ranges.
struct ValidateByteRange: Operator {
    private let forbidden: ByteSet

    init(_ argument: String) throws(Complaint) {
        var allowed = ByteSet()
        for part in argument.split(separator: ",") {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { String($0).filter { $0 != " " } }
            guard ends.count <= 2, let low = UInt8(ends[0]), let high = UInt8(ends.last ?? ""), low <= high else {
                throw Complaint("`\(part)` is no range of bytes (0 to 255)")
            }
            allowed.formUnion(ByteSet(low...high))
        }
        forbidden = allowed.inverted
    }

    var requirement: Requirement { Requirement(bytes: forbidden, minimumLength: 1) }
    var dependsOnValueOnly: Bool { true }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        for index in 0..<value.count where forbidden.contains(value[index]) {
            run.note(value.part(index, index + 1))
            return .match
        }
        return .noMatch
    }
}
