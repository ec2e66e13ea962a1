public import Envelope

/// Which key of which token of which module, in the form of RFC 7512.
///
///     pkcs11:token=gatehouse;object=root?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=/run/secrets/pin
///
/// `pin-value` is read too, and is as exposed as the configuration file is.
public struct PKCS11Address: Sendable, Hashable {
    /// The token's label.
    public var token: String
    /// The key's label.
    public var object: String
    /// The module: a shared library.
    public var modulePath: String
    /// The file that holds the PIN.
    public var pinSource: String?
    /// The PIN itself.
    public var pinValue: String?

    /// Reads what follows `pkcs11:`.
    ///
    /// - Throws: ``EnvelopeError`` with code `malformed` for a missing or unknown attribute.
    public init(_ text: String) throws(EnvelopeError) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var attributes: [String: String] = [:]
        let pairs = parts[0].split(separator: ";") + (parts.count > 1 ? parts[1].split(separator: "&") : [])
        for pair in pairs {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2, let value = Self.decoded(sides[1]), attributes[sides[0]] == nil else {
                throw EnvelopeError(.malformed, "cannot read `\(sides[0])` of the PKCS#11 address")
            }
            guard Self.known.contains(sides[0]) else {
                throw EnvelopeError(
                    .malformed, "unknown attribute `\(sides[0])` in the PKCS#11 address: \(Self.known.joined(separator: ", ")) are known")
            }
            attributes[sides[0]] = value
        }
        guard let token = attributes["token"], let object = attributes["object"], let module = attributes["module-path"] else {
            throw EnvelopeError(.malformed, "a PKCS#11 address needs `token`, `object` and `module-path`")
        }
        (self.token, self.object, modulePath) = (token, object, module)
        pinSource = attributes["pin-source"].map { $0.hasPrefix("file:") ? String($0.dropFirst(5)) : $0 }
        pinValue = attributes["pin-value"]
        guard pinSource != nil || pinValue != nil else {
            throw EnvelopeError(.malformed, "a PKCS#11 address needs `pin-source` or `pin-value`")
        }
    }

    private static let known = ["token", "object", "module-path", "pin-source", "pin-value", "type"]

    private static func decoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
