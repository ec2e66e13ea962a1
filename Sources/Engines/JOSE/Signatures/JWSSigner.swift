public import StrictJSON

/// Signs messages with one key (RFC 7515, RFC 7797).
public struct JWSSigner: Sendable {
    /// What stands in the header beside `alg` and `kid`.
    public struct Header: Sendable {
        /// `typ`.
        public var type: String?
        /// `cty`.
        public var contentType: String?
        /// Further protected members; `alg`, `kid`, `crit` and `b64` are the signer's own and may not be among them.
        public var members: JSONObject

        /// A header.
        public init(type: String? = nil, contentType: String? = nil, members: JSONObject = JSONObject()) {
            self.type = type
            self.contentType = contentType
            self.members = members
        }
    }

    /// How the payload travels.
    public enum Payload: Sendable {
        /// Encoded, inside the message.
        case attached
        /// Encoded for the signature but not inside the message (RFC 7515 appendix F).
        case detached
        /// Neither encoded nor inside the message (RFC 7797).
        case unencodedDetached
    }

    /// The key.
    public let key: SigningKey

    /// A signer with this key.
    public init(_ key: SigningKey) { self.key = key }

    /// The compact message.
    ///
    /// - Throws: ``JOSEError/Code/malformed`` for a header that takes the signer's own members.
    public func sign(_ payload: [UInt8], header: Header = Header(), as form: Payload = .attached) throws(JOSEError) -> [UInt8] {
        let head = try protectedHeader(header, form)
        let input = JWSVerifier.signingInput(head, payload, encoded: form != .unencodedDetached)
        let signature = Base64URL.encode(try key.signature(of: input))
        return (form == .attached ? input : head + [UInt8(ascii: ".")]) + [UInt8(ascii: ".")] + signature
    }

    /// The compact message as a string.
    public func string(_ payload: [UInt8], header: Header = Header()) throws(JOSEError) -> String {
        String(decoding: try sign(payload, header: header), as: UTF8.self)
    }

    /// The message in the flattened JSON serialization, or, with several signers, in the general one.
    ///
    /// - Throws: as ``sign(_:header:as:)``.
    public static func json(
        _ payload: [UInt8], by signers: [(signer: JWSSigner, header: Header)], as form: Payload = .attached
    ) throws(JOSEError) -> JSONValue {
        var signatures: [JSONObject] = []
        for (signer, header) in signers {
            let head = try signer.protectedHeader(header, form)
            let input = JWSVerifier.signingInput(head, payload, encoded: form != .unencodedDetached)
            signatures.append([
                "protected": .string(String(decoding: head, as: UTF8.self)), "signature": .base64URL(try signer.key.signature(of: input)),
            ])
        }
        var message: JSONObject = form == .attached ? ["payload": .base64URL(payload)] : [:]
        if signatures.count == 1 {
            for member in signatures[0] { message.append(member.key, member.value) }
        } else {
            message.append("signatures", .array(signatures.map { .object($0) }))
        }
        return .object(message)
    }

    /// The header's text in base64url.
    private func protectedHeader(_ header: Header, _ form: Payload) throws(JOSEError) -> [UInt8] {
        var members: JSONObject = ["alg": .string(key.algorithm.rawValue)]
        if let keyID = key.keyID { members.append("kid", .string(keyID)) }
        if let type = header.type { members.append("typ", .string(type)) }
        if let contentType = header.contentType { members.append("cty", .string(contentType)) }
        if form == .unencodedDetached {
            members.append("b64", false)
            members.append("crit", ["b64"])
        }
        for member in header.members {
            guard !members.contains(key: member.key), member.key != "b64", member.key != "crit" else {
                throw JOSEError(.malformed, "`\(member.key)` is the signer's own")
            }
            members.append(member.key, member.value)
        }
        return Base64URL.encode(JSONValue.object(members).bytes())
    }
}
