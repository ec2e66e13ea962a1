import StrictJSON

extension JWSVerifier {
    /// How many signatures of a message must verify.
    public enum Requirement: Sendable {
        /// Every one.
        case all
        /// At least one; the rest is reported.
        case any
    }

    /// Verifies a message in the JSON serialization, general or flattened (RFC 7515 section 7.2).
    ///
    /// Refuses: both forms at once, more than 16 signatures, and signatures that disagree on `b64` (RFC 7797 section 3).
    /// - Throws: ``JOSEError``; with ``Requirement/any`` that of the last signature where none verifies.
    public func verify(
        json message: [UInt8], detachedPayload: [UInt8]? = nil, requiring requirement: Requirement = .all
    ) throws(JOSEError) -> VerifiedJSONSignatures {
        guard message.count <= options.limit else { throw JOSEError(.limitExceeded, "more bytes than the limit of \(options.limit)") }
        let root = try parseJSON(message, limits: JSONLimits()).root
        let written = try root.string("payload")
        guard (written == nil) == (detachedPayload != nil) else {
            throw JOSEError(.malformed, "the payload is missing, or detached and there nevertheless")
        }
        let payload = Payload(written: written, detached: detachedPayload)
        var verified: [VerifiedJWS] = []
        var failures: [JOSEError] = []
        for node in try Self.signatures(of: root) {
            do {
                verified.append(try verifySignature(node, payload))
            } catch {
                failures.append(error)
            }
        }
        if let failure = failures.last, requirement == .all || verified.isEmpty { throw failure }
        guard Set(verified.map(\.header.isPayloadEncoded)).count == 1 else { throw JOSEError(.malformed, "signatures disagree on `b64`") }
        return VerifiedJSONSignatures(payload: verified[0].payload, headers: verified.map(\.header), failures: failures)
    }

    private struct Payload {
        var written: String?
        var detached: [UInt8]?
    }

    private static func signatures(of root: JSONNode) throws(JOSEError) -> [JSONNode] {
        guard let list = root["signatures"] else { return [root] }
        guard root["signature"] == nil, root["protected"] == nil, root["header"] == nil else {
            throw JOSEError(.malformed, "the general and the flattened form at once")
        }
        guard list.kind == .array, list.count > 0 else { throw JOSEError(.malformed, "`signatures` is not a list of signatures") }
        guard list.count <= 16 else { throw JOSEError(.limitExceeded, "more than 16 signatures") }
        return Array(list.elements)
    }

    private func verifySignature(_ node: JSONNode, _ payload: Payload) throws(JOSEError) -> VerifiedJWS {
        let text = Array(try node.requiredString("protected").utf8)
        guard let protected = Base64URL.decode(text) else { throw JOSEError(.malformed, "`protected` is not canonical base64url") }
        let header = try JWSHeader(protected: protected, unprotected: node["header"], understanding: options.extensions)
        let key = try key(for: header)
        let content = try Self.content(payload, encoded: header.isPayloadEncoded)
        let input = Self.signingInput(text, content, encoded: header.isPayloadEncoded)
        guard key.verifies(try node.bytes("signature"), of: input, by: header.algorithm) else {
            throw JOSEError(.signatureInvalid, "the signature does not verify")
        }
        return VerifiedJWS(header: header, payload: content)
    }

    private static func content(_ payload: Payload, encoded: Bool) throws(JOSEError) -> [UInt8] {
        if let detached = payload.detached { return detached }
        let text = Array((payload.written ?? "").utf8)
        guard encoded else { return text }
        guard let bytes = Base64URL.decode(text) else { throw JOSEError(.malformed, "the payload is not canonical base64url") }
        return bytes
    }
}

/// A message in the JSON serialization that has been verified.
public struct VerifiedJSONSignatures: Sendable {
    /// The payload.
    public let payload: [UInt8]
    /// The headers whose signatures verified.
    public let headers: [JWSHeader]
    /// What the other signatures failed with; empty where all had to verify.
    public let failures: [JOSEError]
}
