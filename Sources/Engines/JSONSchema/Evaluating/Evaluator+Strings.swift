import ECMARegex
import StrictJSON

extension Evaluator {
    /// Operations on strings.
    mutating func runString(_ operation: Operation, _ index: Int, _ entry: JSONEntry) -> Bool {
        switch operation.code {
        case .minLength:
            codePoints(entry) >= Int(operation.a) || fail(operation.location, nil, index, "the string has fewer than \(operation.a) characters")
        case .maxLength:
            codePoints(entry) <= Int(operation.a) || fail(operation.location, nil, index, "the string has more than \(operation.a) characters")
        case .pattern: runPattern(operation, index, entry)
        case .format: runFormat(operation, index, entry)
        case .contentEncoding:
            isEncoded(entry, program.texts[Int(operation.a)])
                || fail(operation.location, nil, index, "the string is not encoded as `\(program.texts[Int(operation.a)])`")
        case .contentMediaType:
            isOfMediaType(entry, program.texts[Int(operation.a)], isBase64: operation.b == 1)
                || fail(operation.location, nil, index, "the string does not hold `\(program.texts[Int(operation.a)])`")
        default: true
        }
    }

    private mutating func runPattern(_ operation: Operation, _ index: Int, _ entry: JSONEntry) -> Bool {
        let regex = program.regexes[Int(operation.a)]
        switch unsafe regex.verdict(on: document.bytes(of: entry)) {
        case .match: return true
        case .noMatch: return fail(operation.location, nil, index, "the string does not match the pattern `\(regex.pattern)`")
        case .exhausted: return fail(operation.location, nil, index, "the pattern `\(regex.pattern)` takes too many steps on the string")
        }
    }

    mutating func runFormat(_ operation: Operation, _ index: Int, _ entry: JSONEntry) -> Bool {
        guard let format = Format(rawValue: UInt8(truncatingIfNeeded: operation.a)) else { return true }
        let holds = entry.kind == .number ? format.allows(number: decimal(of: entry)) : unsafe format.allows(document.bytes(of: entry))
        return holds || fail(operation.location, nil, index, "the value is not in the format `\(program.texts[Int(operation.b)])`")
    }

    /// Length in code points.
    @inline(__always)
    private func codePoints(_ entry: JSONEntry) -> Int {
        entry.flags.contains(.isASCII) ? Int(entry.length) : countCodePoints(entry)
    }

    private func countCodePoints(_ entry: JSONEntry) -> Int {
        var count = 0
        for unsafe byte in unsafe document.bytes(of: entry) where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }

    private func isEncoded(_ entry: JSONEntry, _ encoding: String) -> Bool {
        encoding != "base64" || unsafe Base64.decode(document.bytes(of: entry)) != nil
    }

    private func isOfMediaType(_ entry: JSONEntry, _ type: String, isBase64: Bool) -> Bool {
        guard type == "application/json" || type.hasSuffix("+json") else { return true }
        let bytes = isBase64 ? unsafe Base64.decode(document.bytes(of: entry)) : Array(unsafe document.bytes(of: entry))
        guard let bytes else { return true }
        return (try? JSONDocument(bytes)) != nil
    }
}
