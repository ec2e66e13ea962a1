/// Gives a plain YAML scalar its type by the core schema of YAML 1.2 (section 10.3.2), with numbers in JSON's form.
enum YAMLScalar {
    /// What other readers make of the text, where that differs.
    enum Trap: String {
        case boolean11 = "is text here and a boolean to readers of YAML 1.1: quote it"
        case octal11 = "is a decimal number here and an octal one to readers of YAML 1.1"
        case grouped11 = "is text here and a number to readers of YAML 1.1: quote it"
        case notFinite = "has no JSON form and is taken as text"
    }

    static func resolve(_ text: String) -> (value: Node.Value, trap: Trap?) {
        guard let first = text.utf8.first else { return (.null, nil) }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return number(text)
        case UInt8(ascii: "~") where text.utf8.count == 1: return (.null, nil)
        default: return text.utf8.count > 5 ? (.string(text), nil) : word(text)
        }
    }

    private static func word(_ text: String) -> (value: Node.Value, trap: Trap?) {
        switch text {
        case "null", "Null", "NULL": (.null, nil)
        case "true", "True", "TRUE": (.bool(true), nil)
        case "false", "False", "FALSE": (.bool(false), nil)
        case "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF": (.string(text), .boolean11)
        default: (.string(text), nil)
        }
    }

    private static func number(_ text: String) -> (value: Node.Value, trap: Trap?) {
        let bytes = Array(text.utf8)
        if let decimal = decimal(bytes) {
            let isOctal11 = bytes.count > 1 && bytes[0] == UInt8(ascii: "0") && bytes.allSatisfy { (0x30...0x37).contains($0) }
            return (.number(decimal), isOctal11 ? .octal11 : nil)
        }
        if let value = based(bytes) { return (.number(value), nil) }
        if isNotFinite(text) { return (.string(text), .notFinite) }
        return (.string(text), isGrouped(bytes) ? .grouped11 : nil)
    }

    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?` rewritten as a JSON number.
    private static func decimal(_ bytes: [UInt8]) -> String? {
        var rest = bytes[...]
        var result = ""
        if rest.first == UInt8(ascii: "-") { result = "-" }
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        let whole = digits(&rest)
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = digits(&rest)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        let significant = whole.drop { $0 == UInt8(ascii: "0") }
        result += significant.isEmpty ? "0" : String(decoding: significant, as: UTF8.self)
        if !fraction.isEmpty { result += "." + String(decoding: fraction, as: UTF8.self) }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            result += "e"
            if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
                result += sign == UInt8(ascii: "-") ? "-" : ""
                rest.removeFirst()
            }
            let exponent = digits(&rest)
            guard !exponent.isEmpty else { return nil }
            result += String(decoding: exponent, as: UTF8.self)
        }
        return rest.isEmpty ? result : nil
    }

    private static func digits(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let run = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(run.count)
        return run
    }

    /// `0o17` and `0x1F` as decimal text, where they fit 64 bits.
    private static func based(_ bytes: [UInt8]) -> String? {
        guard bytes.count > 2, bytes[0] == UInt8(ascii: "0") else { return nil }
        let digits = String(decoding: bytes[2...], as: UTF8.self)
        guard digits.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return nil }
        switch bytes[1] {
        case UInt8(ascii: "o"): return UInt64(digits, radix: 8).map(String.init)
        case UInt8(ascii: "x"): return UInt64(digits, radix: 16).map(String.init)
        default: return nil
        }
    }

    private static func isNotFinite(_ text: String) -> Bool {
        let unsigned = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
        return [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains { $0 == unsigned }
    }

    /// `1_000` and `12:30:45`: digits with the separators that only YAML 1.1 reads.
    private static func isGrouped(_ bytes: [UInt8]) -> Bool {
        let unsigned = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") ? bytes.dropFirst() : bytes[...]
        guard let first = unsigned.first, let last = unsigned.last, (0x30...0x39).contains(first), last != UInt8(ascii: ":") else {
            return false
        }
        return unsigned.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ":") }
    }
}
