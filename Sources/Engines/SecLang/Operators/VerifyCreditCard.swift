/// `@verifyCC pattern`: the value holds a number that passes the Luhn check (ISO/IEC 7812-1).
struct VerifyCreditCard: Operator {
    private let number: VerifiedNumber

    init(_ argument: String, _ context: CompileContext) throws(Complaint) { number = try VerifiedNumber(argument, context) }

    var requirement: Requirement { number.requirement }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        number.evaluate(value, run) { VerifyCreditCard.passesLuhn($0.digits) }
    }

    static func passesLuhn(_ digits: [Int]) -> Bool {
        guard !digits.isEmpty else { return false }
        let sum = digits.reversed().enumerated().reduce(0) { sum, item in
            let doubled = item.offset % 2 == 0 ? item.element : item.element * 2
            return sum + (doubled > 9 ? doubled - 9 : doubled)
        }
        return sum % 10 == 0
    }
}
