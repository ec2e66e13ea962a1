import StrictJSON

extension JWEDecrypter {
    /// Opens a message in the JSON serialization, general or flattened (RFC 7516 section 7.2), for the first recipient whose
    /// key is here.
    ///
    /// Refuses: both forms at once, more than 16 recipients, recipients that disagree on `enc`.
    /// - Throws: ``JOSEError``; that of the last recipient where none opens.
    public func decrypt(json message: [UInt8]) throws(JOSEError) -> DecryptedJWE {
        guard message.count <= options.limit else { throw JOSEError(.limitExceeded, "more bytes than the limit of \(options.limit)") }
        let root = try parseJSON(message, limits: JSONLimits()).root
        let protected = Array(try root.string("protected")?.utf8 ?? "".utf8)
        guard let text = Base64URL.decode(protected) else { throw JOSEError(.malformed, "`protected` is not canonical base64url") }
        let additional = try root.string("aad")
        if let additional, Base64URL.decode(additional) == nil { throw JOSEError(.malformed, "`aad` is not canonical base64url") }
        let context = protected + (additional.map { [UInt8(ascii: ".")] + Array($0.utf8) } ?? [])
        let sealed = ContentEncryption.Sealed(
            iv: try root.bytes("iv"), ciphertext: try root.bytes("ciphertext"), tag: try root.bytes("tag"))
        var failure = JOSEError(.malformed, "no recipients")
        for recipient in try Self.recipients(of: root) {
            do {
                let unprotected = [root["unprotected"], recipient["header"]].compactMap { $0 }
                let header = try JWEHeader(protected: text, unprotected: unprotected)
                return try open(header, try recipient.optionalBytes("encrypted_key") ?? [], sealed, context: context)
            } catch {
                failure = error
            }
        }
        throw failure
    }

    private static func recipients(of root: JSONNode) throws(JOSEError) -> [JSONNode] {
        guard let list = root["recipients"] else { return [root] }
        guard root["encrypted_key"] == nil, root["header"] == nil else {
            throw JOSEError(.malformed, "the general and the flattened form at once")
        }
        guard list.kind == .array, list.count > 0 else { throw JOSEError(.malformed, "`recipients` is not a list of recipients") }
        guard list.count <= 16 else { throw JOSEError(.limitExceeded, "more than 16 recipients") }
        return Array(list.elements)
    }
}
