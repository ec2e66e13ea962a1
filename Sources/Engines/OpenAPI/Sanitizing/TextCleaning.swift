// Foundation has the tables of normalization form C; the standard library does not offer them.
internal import Foundation
internal import StrictJSON

/// Changes of single texts.
struct TextCleaning {
    let steps: SanitizeSteps

    /// The new text and what was done; nil where nothing was.
    func clean(_ text: String) -> (text: String, kinds: [SanitizeChange.Kind])? {
        var result = text
        var kinds: [SanitizeChange.Kind] = []
        if steps.contains(.trim) {
            let trimmed = trimmed(result)
            if trimmed.utf8.count != result.utf8.count { kinds.append(.trimmed) }
            result = trimmed
        }
        if steps.contains(.normalize), !result.utf8.allSatisfy({ $0 < 0x80 }) {
            let normal = result.precomposedStringWithCanonicalMapping
            if !normal.utf8.elementsEqual(result.utf8) { kinds.append(.normalized) }
            result = normal
        }
        return kinds.isEmpty ? nil : (result, kinds)
    }

    private func trimmed(_ text: String) -> String {
        let head = text.unicodeScalars.drop { $0.properties.isWhitespace }
        guard let end = head.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
        return String(head[...end])
    }
}

/// Defaults of the document as the texts of parameters.
enum DefaultText {
    /// One text for a scalar, one for each item of an array of scalars; nil for other values.
    static func texts(of value: JSONValue?) -> [String]? {
        guard let value else { return nil }
        guard let items = value.array else { return scalar(value).map { [$0] } }
        let texts = items.compactMap(scalar)
        return texts.count == items.count ? texts : nil
    }

    private static func scalar(_ value: JSONValue) -> String? {
        switch value {
        case .bool(let flag): flag ? "true" : "false"
        case .number(let number): number.text
        case .string(let text): text
        default: nil
        }
    }
}
