internal import Foundation
internal import Yams

/// Puts the bytes of a regression test's request together, as the tests' own runners do.
struct RegressionRequest {
    let bytes: [UInt8]

    /// - Parameter announcesNoBody: whether a POST without data says so (go-ftw does).
    init(_ input: Node, announcesNoBody: Bool) {
        if let encoded = input["encoded_request"]?.scalar?.string, !encoded.isEmpty,
            let data = Data(base64Encoded: encoded.filter { !$0.isWhitespace })
        {
            bytes = Array(data)
        } else if let raw = input["raw_request"]?.scalar?.string, !raw.isEmpty {
            bytes = Array(raw.utf8)
        } else {
            bytes = RegressionRequest.built(input, announcesNoBody)
        }
    }

    private static func built(_ input: Node, _ announcesNoBody: Bool) -> [UInt8] {
        var headers: [(name: String, value: String)] = (input["headers"]?.mapping.map(Array.init) ?? []).map { pair in
            (pair.key.scalar?.string ?? "", pair.value.scalar?.string ?? "")
        }
        var data = body(input)
        let completes = !(input["stop_magic"]?.bool ?? false) && (input["autocomplete_headers"]?.bool ?? true)
        if completes, !data.isEmpty {
            if !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
                headers.append(("Content-Type", "application/x-www-form-urlencoded"))
            }
            if headers.contains(where: { $0.name.lowercased() == "content-type" && $0.value == "application/x-www-form-urlencoded" }) {
                data = encodedForm(data)
            }
            if !headers.contains(where: { $0.name.lowercased() == "content-length" }) {
                headers.append(("Content-Length", String(data.count)))
            }
        }
        let method = input["method"]?.scalar?.string ?? "GET"
        if completes, announcesNoBody, data.isEmpty, ["POST", "PUT", "PATCH"].contains(method),
            !headers.contains(where: { ["content-length", "transfer-encoding"].contains($0.name.lowercased()) })
        {
            headers.append(("Content-Length", "0"))
        }
        let uri = input["uri"]?.scalar?.string ?? "/"
        let version = input["version"]?.scalar?.string ?? "HTTP/1.1"
        let head = "\(method) \(uri) \(version)\r\n" + headers.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n"
        return Array(head.utf8) + data
    }

    private static func body(_ input: Node) -> [UInt8] {
        if let encoded = input["encoded_data"]?.scalar?.string, let data = Data(base64Encoded: encoded.filter { !$0.isWhitespace }) {
            return Array(data)
        }
        guard let node = input["data"] else { return [] }
        if let lines = node.sequence { return Array(lines.map { $0.scalar?.string ?? "" }.joined(separator: "\r\n").utf8) }
        return Array((node.scalar?.string ?? "").utf8)
    }

    /// Form data that holds nothing percent-encoded is encoded; what has no pairs in it stays.
    private static func encodedForm(_ data: [UInt8]) -> [UInt8] {
        let text = String(decoding: data, as: UTF8.self)
        guard text.removingPercentEncoding == text || text.removingPercentEncoding == nil && !text.contains("%") else { return data }
        let pairs = text.split(separator: "&", omittingEmptySubsequences: true).compactMap { pair -> (Substring, Substring)? in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return parts.count == 2 && !parts[1].isEmpty ? (parts[0], parts[1]) : nil
        }
        guard !pairs.isEmpty else { return data }
        return Array(pairs.map { encode($0.0) + "=" + encode($0.1) }.joined(separator: "&").utf8)
    }

    /// As Python's `quote_plus`: a plus sign in the text stood for a space.
    private static func encode(_ text: Substring) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "+"), UInt8(ascii: " "): result += "+"
            case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }
}
