/// The functions and methods of Cedar's extension types.
public enum ExtensionFunction: String, Sendable, Hashable, CaseIterable {
    case decimal, lessThan, lessThanOrEqual, greaterThan, greaterThanOrEqual
    case ip, isIpv4, isIpv6, isLoopback, isMulticast, isInRange
    case datetime, offset, durationSince, toDate, toTime
    case duration, toMilliseconds, toSeconds, toMinutes, toHours, toDays

    /// True for those written as `receiver.name(…)`.
    public var isMethod: Bool { !isConstructor }

    /// True for those that make a value of a string.
    public var isConstructor: Bool {
        switch self {
        case .decimal, .ip, .datetime, .duration: true
        default: false
        }
    }

    /// The types of the arguments, the receiver first.
    var argumentTypes: [ExtensionType] {
        switch self {
        case .decimal, .ip, .datetime, .duration: [.string]
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual: [.decimal, .decimal]
        case .isIpv4, .isIpv6, .isLoopback, .isMulticast: [.ipaddr]
        case .isInRange: [.ipaddr, .ipaddr]
        case .offset: [.datetime, .duration]
        case .durationSince: [.datetime, .datetime]
        case .toDate, .toTime: [.datetime]
        case .toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays: [.duration]
        }
    }

    var resultType: ExtensionType {
        switch self {
        case .decimal: .decimal
        case .ip: .ipaddr
        case .datetime, .offset, .toDate: .datetime
        case .duration, .durationSince, .toTime: .duration
        case .toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays: .long
        default: .bool
        }
    }

    /// Applies the function.
    ///
    /// - Throws: ``EvaluationError`` for wrong types, texts that are no value, and overflow.
    func apply(_ arguments: ArraySlice<Value>) throws(EvaluationError) -> Value {
        guard arguments.count == argumentTypes.count, let first = arguments.first, let last = arguments.last else {
            throw .wrongNumberOfArguments(self, arguments.count)
        }
        switch first {
        case .string(let text) where isConstructor: return try construct(text)
        case .decimal(let left):
            if case .decimal(let right) = last, let answer = compare(left, right) { return .bool(answer) }
        case .ip(let address): if let answer = ask(address, last) { return .bool(answer) }
        case .datetime(let moment): if let value = try moment.apply(self, last) { return value }
        case .duration(let duration): if let value = duration.apply(self) { return value }
        default: break
        }
        let wrong = zip(arguments, argumentTypes).first { !$1.admits($0) }
        throw .type(expected: (wrong?.1 ?? argumentTypes[0]).rawValue, found: (wrong?.0 ?? first).typeName)
    }

    private func construct(_ text: Text) throws(EvaluationError) -> Value {
        let value: Value? =
            switch self {
            case .decimal: DecimalValue(text.string).map(Value.decimal)
            case .ip: IPValue(text.string).map(Value.ip)
            case .datetime: DatetimeValue(text.string).map(Value.datetime)
            default: DurationValue(text.string).map(Value.duration)
            }
        guard let value else { throw .invalidLiteral(self, text) }
        return value
    }

    private func compare(_ left: DecimalValue, _ right: DecimalValue) -> Bool? {
        switch self {
        case .lessThan: left.units < right.units
        case .lessThanOrEqual: left.units <= right.units
        case .greaterThan: left.units > right.units
        case .greaterThanOrEqual: left.units >= right.units
        default: nil
        }
    }

    private func ask(_ address: IPValue, _ other: Value) -> Bool? {
        switch (self, other) {
        case (.isIpv4, _): !address.isV6
        case (.isIpv6, _): address.isV6
        case (.isLoopback, _): address.isLoopback
        case (.isMulticast, _): address.isMulticast
        case (.isInRange, .ip(let range)): address.isInRange(range)
        default: nil
        }
    }
}

/// Types that extension functions take and give.
package enum ExtensionType: String, Sendable, Hashable {
    case string, bool, long, decimal, ipaddr, datetime, duration

    func admits(_ value: Value) -> Bool { value.typeName == rawValue }

    /// Those that are no part of the core language.
    static let extensions: [ExtensionType] = [.datetime, .decimal, .duration, .ipaddr]
}
