/// `@verifySSN pattern`: the value holds a number that can be a social security number of the United States.
///
/// Not so: area 000, 666 or 740 and more, group 00, serial 0000, one digit repeated, digits in rising order.
struct VerifySSN: Operator {
    private let number: VerifiedNumber

    init(_ argument: String, _ context: CompileContext) throws(Complaint) { number = try VerifiedNumber(argument, context) }

    var requirement: Requirement { number.requirement }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        number.evaluate(value, run) { VerifySSN.isPossible($0.digits) }
    }

    static func isPossible(_ digits: [Int]) -> Bool {
        guard digits.count == 9, Set(digits).count > 1 else { return false }
        if zip(digits, digits.dropFirst()).allSatisfy({ $1 == $0 + 1 }) { return false }
        let area = digits[0] * 100 + digits[1] * 10 + digits[2]
        let group = digits[3] * 10 + digits[4]
        let serial = digits[5...].reduce(0) { $0 * 10 + $1 }
        return area > 0 && area < 740 && area != 666 && group > 0 && serial > 0
    }
}
