import ECMARegex
import StrictJSON

extension Evaluator {
    /// Operations on strings.
    mutating func runString(_ operation: Operation, _ index: Int, _ entry: JSONEntry) -> Bool {
        switch operation.code {
        case .minLength:
            codePoints(entry) >= Int(operation.a)
                || fail(operation.location, nil, index, "the string has fewer than \(operation.a) characters")
        case .maxLength:
            codePoints(entry) <= Int(operation.a)
                || fail(operation.location, nil, index, "the string has more than \(operation.a) characters")
        case .pattern: runPattern(operation, index, entry)
        case .format: runFormat(operation, index, entry)
        case .contentEncoding:
            isEncoded(entry, program.texts[Int(operation.a)]) || failText("the string is not encoded as", operation, operation.a, index)
        case .contentMediaType:
            isOfMediaType(entry, program.texts[Int(operation.a)], isBase64: operation.b == 1)
                || failText("the string does not hold", operation, operation.a, index)
        default: true
        }
    }

    private mutating func runPattern(_ operation: Operation, _ index: Int, _ entry: JSONEntry) -> Bool {
        let verdict = verdict(operation.a, entry)
        if verdict == .match { return true }
        if limit == 0 { return false }
        let pattern = program.regexes[Int(operation.a)].pattern
        let reason = verdict == .noMatch ? "the string does not match the pattern" : "the string takes too many steps of the pattern"
        return fail(operation.location, nil, index, "\(reason) `\(pattern)`")
    }

    /// Whether a string or key matches a regex.
    @inline(__always)
    func verdict(_ regex: Int32, _ entry: JSONEntry) -> ECMARegex.Verdict {
        let matcher = matchers[Int(regex)]
        let bytes = unsafe document.bytes(of: entry)
        if matcher.isPresent { return unsafe matcher.matches(bytes) ? .match : .noMatch }
        return unsafe program.regexes[Int(regex)].verdict(on: bytes)
    }

    mutating func runFormat(_ operation: Operation, _ index: Int, _ entry: JSONEntry) -> Bool {
        guard let format = Format(rawValue: UInt8(truncatingIfNeeded: operation.a)) else { return true }
        let holds = entry.kind == .number ? format.allows(number: decimal(of: entry)) : unsafe format.allows(document.bytes(of: entry))
        return holds || failText("the value is not in the format", operation, operation.b, index)
    }

    private mutating func failText(_ reason: String, _ operation: Operation, _ text: Int32, _ index: Int) -> Bool {
        let name = program.texts[Int(text)]
        return fail(operation.location, nil, index, "\(reason) `\(name)`")
    }

    /// Length in code points.
    @inline(__always)
    private func codePoints(_ entry: JSONEntry) -> Int {
        entry.flags.contains(.isASCII) ? Int(entry.length) : countCodePoints(entry)
    }

    private func countCodePoints(_ entry: JSONEntry) -> Int {
        var count = 0
        let bytes = unsafe document.bytes(of: entry)
        for index in 0..<bytes.count where unsafe bytes[index] & 0xC0 != 0x80 { count += 1 }
        return count
    }

    private func isEncoded(_ entry: JSONEntry, _ encoding: String) -> Bool {
        guard encoding == "base64" else { return true }
        return unsafe Base64.decode(document.bytes(of: entry)) != nil
    }

    private func isOfMediaType(_ entry: JSONEntry, _ type: String, isBase64: Bool) -> Bool {
        guard type == "application/json" || type.hasSuffix("+json") else { return true }
        let text = unsafe Array(document.bytes(of: entry))
        let bytes = isBase64 ? Base64.decode(text) : text
        guard let bytes else { return true }
        return (try? JSONDocument(bytes)) != nil
    }
}
