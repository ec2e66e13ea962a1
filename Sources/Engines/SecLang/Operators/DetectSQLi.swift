internal import CLibinjection

/// `@detectSQLi`: libinjection takes the value for SQL injection. `TX:0` becomes its fingerprint.
struct DetectSQLi: Operator {
    var dependsOnValueOnly: Bool { true }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        guard !DetectSQLi.isPlainWord(value) else { return .noMatch }
        let fingerprint = run.transaction.arena.write(capacity: 16) { output in
            for _ in 0..<16 { output.append(0) }
        }
        let target = unsafe UnsafeMutableRawPointer(mutating: fingerprint.base).assumingMemoryBound(to: CChar.self)
        let text = unsafe UnsafeRawPointer(value.base).assumingMemoryBound(to: CChar.self)
        guard unsafe libinjection_sqli(text, value.count, target) == 1 else { return .noMatch }
        run.note(fingerprint.part(0, fingerprint.firstIndex(of: 0) ?? 0))
        run.transaction.matchedPart = value
        return .match
    }

    /// The library's answer alone.
    func askLibrary(_ value: [UInt8]) -> Bool {
        var fingerprint = [CChar](repeating: 0, count: 16)
        let text = value.map { CChar(bitPattern: $0) }
        return unsafe libinjection_sqli(text, text.count, &fingerprint) == 1
    }

    /// One word or one number is a single token to libinjection, and no single token is an injection.
    static func isPlainWord(_ value: Slice) -> Bool {
        guard value.count > 0 else { return true }
        if isDigit(value[0]) {
            for index in 1..<max(1, value.count) where !isDigit(value[index]) { return false }
            return true
        }
        for index in 0..<value.count where !isAlphanumeric(value[index]) && value[index] != UInt8(ascii: "_") { return false }
        return true
    }
}
