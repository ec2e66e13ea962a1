/// `@verifyCPF pattern`: the value holds a Brazilian taxpayer number with right check digits.
struct VerifyCPF: Operator {
    private let number: VerifiedNumber

    init(_ argument: String, _ context: CompileContext) throws(Complaint) { number = try VerifiedNumber(argument, context) }

    var requirement: Requirement { number.requirement }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        number.evaluate(value, run) { VerifyCPF.isValid($0.digits) }
    }

    static func isValid(_ digits: [Int]) -> Bool {
        guard digits.count == 11, Set(digits).count > 1 else { return false }
        return check(digits, over: 9) == digits[9] && check(digits, over: 10) == digits[10]
    }

    private static func check(_ digits: [Int], over count: Int) -> Int {
        let sum = (0..<count).reduce(0) { $0 + digits[$1] * (count + 1 - $1) }
        return sum % 11 < 2 ? 0 : 11 - sum % 11
    }
}
