import StrictJSON

extension Evaluator {
    /// Operations on numbers: 64-bit where both sides allow it, exact decimals otherwise.
    mutating func runNumber(_ operation: Operation, _ index: Int, _ entry: JSONEntry) -> Bool {
        if operation.code == .format { return runFormat(operation, index, entry) }
        let bound = program.boundIntegers[Int(operation.a)]
        if bound != Int64.min, entry.flags.contains(.isPlainInteger), entry.length <= 18 {
            return compare(integer(of: entry), with: bound, operation.code) || failNumber(operation, index)
        }
        let decimal = decimal(of: entry)
        let limit = program.numbers[Int(operation.a)].decimal
        let holds =
            switch operation.code {
            case .minimum: decimal >= limit
            case .maximum: decimal <= limit
            case .exclusiveMinimum: decimal > limit
            case .exclusiveMaximum: decimal < limit
            default: decimal.isMultiple(of: limit)
            }
        return holds || failNumber(operation, index)
    }

    @inline(__always)
    private func compare(_ value: Int64, with bound: Int64, _ code: Operation.Code) -> Bool {
        switch code {
        case .minimum: value >= bound
        case .maximum: value <= bound
        case .exclusiveMinimum: value > bound
        case .exclusiveMaximum: value < bound
        default: value % bound == 0
        }
    }

    private mutating func failNumber(_ operation: Operation, _ index: Int) -> Bool {
        guard limit > 0 else { return false }
        let bound = program.numbers[Int(operation.a)].text
        let rule =
            switch operation.code {
            case .minimum: "less than the minimum of \(bound)"
            case .maximum: "more than the maximum of \(bound)"
            case .exclusiveMinimum: "not more than \(bound)"
            case .exclusiveMaximum: "not less than \(bound)"
            default: "not a multiple of \(bound)"
            }
        return fail(operation.location, nil, index, "the number is \(rule)")
    }

    /// The value of a plain integer of at most 18 characters.
    @inline(__always)
    func integer(of entry: JSONEntry) -> Int64 {
        let bytes = unsafe document.bytes(of: entry)
        let isNegative = unsafe bytes[0] == UInt8(ascii: "-")
        var value: Int64 = 0
        for index in (isNegative ? 1 : 0)..<bytes.count { value = unsafe value &* 10 &+ Int64(bytes[index] &- UInt8(ascii: "0")) }
        return isNegative ? 0 &- value : value
    }

    func decimal(of entry: JSONEntry) -> JSONDecimal { unsafe JSONDecimal(document.bytes(of: entry)) }
}
