internal import CLibinjection

/// `@detectXSS`: libinjection takes the value for HTML that runs script.
struct DetectXSS: Operator {
    var dependsOnValueOnly: Bool { true }

    /// Neither a tag nor an attribute with a value can be without one of these.
    var requirement: Requirement { Requirement(bytes: ByteSet("<="), minimumLength: 2) }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        let text = unsafe UnsafeRawPointer(value.base).assumingMemoryBound(to: CChar.self)
        guard unsafe libinjection_xss(text, value.count) == 1 else { return .noMatch }
        run.note(value)
        return .match
    }

    /// The library's answer alone.
    func askLibrary(_ value: [UInt8]) -> Bool {
        let text = value.map { CChar(bitPattern: $0) }
        return unsafe libinjection_xss(text, text.count) == 1
    }
}
