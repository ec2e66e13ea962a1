extension JSONDocument {
    /// The flat form of a value built by code. Positions in it are all the start.
    public init(_ value: JSONValue) {
        var builder = Builder()
        builder.add(value)
        self.init(storage: JSONStorage(text: builder.text, entries: builder.entries))
    }
}

/// Appends values to a document's parts.
private struct Builder {
    var text: [UInt8] = []
    var entries: [JSONEntry] = []

    mutating func add(_ value: JSONValue) {
        switch value {
        case .null: entries.append(JSONEntry(kind: .null, offset: 0))
        case .bool(let bool): entries.append(JSONEntry(kind: .bool, flags: bool ? .isTrue : [], offset: 0))
        case .number(let number):
            let plain = !number.text.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
            add(.number, number.text, plain ? .isPlainInteger : [])
        case .string(let string): addString(string)
        case .array(let elements): add(.array, elements.count) { for element in elements { $0.add(element) } }
        case .object(let object):
            add(.object, object.count) {
                for member in object {
                    $0.addString(member.key, isKey: true)
                    $0.add(member.value)
                }
            }
        }
    }

    private mutating func addString(_ string: String, isKey: Bool = false) {
        var flags: JSONEntry.Flags = string.utf8.allSatisfy { $0 < 0x80 } ? .isASCII : []
        if isKey { flags.insert(.isKey) }
        add(.string, string, flags)
        if isKey { entries[entries.count - 1].hash = JSONDocument.hash(of: string.utf8) }
    }

    private mutating func add(_ kind: JSONKind, _ string: String, _ flags: JSONEntry.Flags) {
        entries.append(JSONEntry(kind: kind, flags: flags, offset: 0, length: string.utf8.count, link: text.count))
        text.append(contentsOf: string.utf8)
    }

    private mutating func add(_ kind: JSONKind, _ count: Int, _ inside: (inout Builder) -> Void) {
        let index = entries.count
        entries.append(JSONEntry(kind: kind, offset: 0, length: count))
        inside(&self)
        entries[index].link = UInt32(truncatingIfNeeded: entries.count)
    }
}
