import StrictJSON

extension Evaluator {
    /// Operations on numbers: 64-bit where both sides allow it, exact decimals otherwise.
    mutating func runNumber(_ operation: Operation, _ index: Int, _ entry: JSONEntry) -> Bool {
        if operation.code == .format { return runFormat(operation, index, entry) }
        let bound = bounds[Int(operation.a)]
        if bound.scale >= 0, let value = short(entry) {
            if value.scale | bound.scale == 0 {
                return compare(value.digits, with: bound.digits, operation.code) || failNumber(operation, index)
            }
            let (a, b) = ShortBound.aligned(value, bound)
            return compare(a, with: b, operation.code) || failNumber(operation, index)
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
    private func compare<Integer: FixedWidthInteger>(_ value: Integer, with bound: Integer, _ code: Operation.Code) -> Bool {
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

    /// The number, where it has at most 18 characters and no exponent.
    @inline(__always)
    private func short(_ entry: JSONEntry) -> ShortBound? {
        guard entry.length <= 18 else { return nil }
        let bytes = unsafe document.bytes(of: entry)
        let isNegative = unsafe bytes[0] == UInt8(ascii: "-")
        var (digits, scale): (Int64, Int32) = (0, 0)
        var index = isNegative ? 1 : 0
        while index < bytes.count {
            let byte = unsafe bytes[index]
            if byte == UInt8(ascii: ".") {
                scale = Int32(bytes.count - index - 1)
            } else if byte | 0x20 == UInt8(ascii: "e") {
                return nil
            } else {
                digits = digits &* 10 &+ Int64(byte &- UInt8(ascii: "0"))
            }
            index += 1
        }
        return ShortBound(digits: isNegative ? 0 &- digits : digits, scale: scale)
    }

    func decimal(of entry: JSONEntry) -> JSONDecimal { unsafe JSONDecimal(document.bytes(of: entry)) }
}
