import Crypto
import FoundationEssentials
import StrictJSON

extension JSONLimits {
    /// A header: 16 KiB, depth 8, 200 values.
    static var header: JSONLimits {
        var limits = JSONLimits()
        limits.bytes = 16 << 10
        limits.depth = 8
        limits.elements = 200
        return limits
    }

    /// One key: 64 KiB, since an RSA key may carry certificates.
    static var key: JSONLimits {
        var limits = JSONLimits()
        limits.bytes = 64 << 10
        limits.depth = 8
        limits.elements = 1000
        return limits
    }
}

/// The document of a JSON text, its refusal as one of ours.
func parseJSON(_ text: [UInt8], limits: JSONLimits) throws(JOSEError) -> JSONDocument {
    do {
        return try JSONDocument(text, limits: limits)
    } catch {
        throw JOSEError(.malformed, "not strict json: \(error)")
    }
}

func sha256(_ bytes: [UInt8]) -> [UInt8] { [UInt8](SHA256.hash(data: bytes)) }

extension JSONNode {
    /// A member that is a string where it is there at all.
    func string(_ name: String) throws(JOSEError) -> String? {
        guard let member = self[name] else { return nil }
        guard let string = member.string else { throw JOSEError(.malformed, "`\(name)` is not a string") }
        return string
    }

    func requiredString(_ name: String) throws(JOSEError) -> String {
        guard let string = try string(name) else { throw JOSEError(.malformed, "`\(name)` is missing") }
        return string
    }

    /// A member that is an array of strings where it is there at all.
    func strings(_ name: String) throws(JOSEError) -> [String]? {
        guard let member = self[name] else { return nil }
        let strings = member.elements.compactMap(\.string)
        guard member.kind == .array, strings.count == member.count else {
            throw JOSEError(.malformed, "`\(name)` is not an array of strings")
        }
        return strings
    }

    /// The bytes of a member in canonical base64url, where it is there at all.
    func optionalBytes(_ name: String) throws(JOSEError) -> [UInt8]? {
        guard let text = try string(name) else { return nil }
        guard let bytes = Base64URL.decode(text) else { throw JOSEError(.malformed, "`\(name)` is not canonical base64url") }
        return bytes
    }

    func bytes(_ name: String) throws(JOSEError) -> [UInt8] {
        guard let bytes = try optionalBytes(name) else { throw JOSEError(.malformed, "`\(name)` is missing") }
        return bytes
    }
}
