/// Breaks `name:value,name:'quoted value',name` apart, the form that targets and actions share.
///
/// Items are divided by commas or bars; a value in single quotes may hold them, with `\'` and `\\` for the quote and the backslash.
enum NameValueList {
    struct Item: Equatable {
        var name: String
        var value: String?
        var offset: Int
    }

    static func read(_ text: String) throws(Complaint) -> [Item] {
        let bytes = Array(text.utf8)
        var items: [Item] = []
        var index = 0
        while true {
            while index < bytes.count, isSpace(bytes[index]) { index += 1 }
            guard index < bytes.count else { return items }
            let start = index
            while index < bytes.count, !isDelimiter(bytes[index]), bytes[index] != UInt8(ascii: ":") { index += 1 }
            var item = Item(name: String(decoding: bytes[start..<index], as: UTF8.self), offset: start)
            if index < bytes.count, bytes[index] == UInt8(ascii: ":") {
                index += 1
                item.value = try value(bytes, &index)
            }
            guard !item.name.isEmpty else { throw Complaint("name is missing", offset: start) }
            items.append(item)
            while index < bytes.count, isSpace(bytes[index]) { index += 1 }
            guard index < bytes.count else { return items }
            if item.value == nil, bytes[index] != UInt8(ascii: ","), bytes[index] != UInt8(ascii: "|") {
                throw Complaint("expected a comma or a bar", offset: index)
            }
            while index < bytes.count, isDelimiter(bytes[index]) { index += 1 }
        }
    }

    private static func value(_ bytes: [UInt8], _ index: inout Int) throws(Complaint) -> String? {
        guard index < bytes.count, !isDelimiter(bytes[index]) else { return nil }
        guard bytes[index] == UInt8(ascii: "'") else {
            let start = index
            while index < bytes.count, !isDelimiter(bytes[index]) { index += 1 }
            return String(decoding: bytes[start..<index], as: UTF8.self)
        }
        let start = index
        index += 1
        var text: [UInt8] = []
        while index < bytes.count, bytes[index] != UInt8(ascii: "'") {
            if bytes[index] == UInt8(ascii: "\\") {
                guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "'") || bytes[index + 1] == UInt8(ascii: "\\") else {
                    throw Complaint("only `\\'` and `\\\\` are escapes inside a quoted value", offset: index)
                }
                index += 1
            }
            text.append(bytes[index])
            index += 1
        }
        guard index < bytes.count else { throw Complaint("quote is not closed", offset: start) }
        index += 1
        return String(decoding: text, as: UTF8.self)
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ",") || byte == UInt8(ascii: "|") || isSpace(byte) }
}
