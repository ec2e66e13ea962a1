import JOSE
import StrictJSON

/// Answers requests about keys, signatures and encrypted messages, one JSON object a line.
///
/// With `jws` or `jwe` beside `jwk` or `jwks` the answer is `{"ok":true}` where the message verifies or opens, else
/// `{"ok":false}`; a key or set alone is judged itself. `{"jwk":…,"sign":"text"}` answers `{"jws":…}`,
/// `{"jwk":…,"encrypt":"text","alg":…,"enc":…}` answers `{"jwe":…}`, `{"generate":"ES256"}` answers `{"jwk":…}`.
public struct JOSELines: Sendable {
    /// Whether the JSON serializations are accepted beside the compact one; false.
    public var acceptsJSON = false
    /// Whether the reason of a refusal is told; false.
    public var explains = false

    /// Answers with the defaults.
    public init() {}

    /// Most PBKDF2 iterations that a message may demand here.
    private static let maximumIterations: Int64 = 250_000

    /// The answer to one line.
    public func answer(_ line: String) -> String {
        do {
            return try respond(JSONValue(parsing: line)).serialized()
        } catch {
            return JSONValue.object(explains ? ["ok": false, "reason": .string("\(error)")] : ["ok": false]).serialized()
        }
    }

    private func respond(_ request: JSONValue) throws -> JSONValue {
        if let name = request["generate"]?.string { return ["jwk": try generate(name)] }
        if let text = request["sign"]?.string { return ["jws": try sign(text, request)] }
        if let text = request["encrypt"]?.string { return ["jwe": try encrypt(text, request)] }
        if let message = request["jws"] {
            try verify(message, request)
        } else if let message = request["jwe"] {
            try decrypt(message, request)
        } else {
            try judge(request)
        }
        return ["ok": true]
    }

    private func key(_ request: JSONValue) throws -> JSONWebKey? { try request["jwk"].map { try JSONWebKey(parsing: $0.bytes()) } }

    private func set(_ request: JSONValue) throws -> JSONWebKeySet {
        guard let value = request["jwks"] else { throw JOSEError(.malformed, "neither `jwk` nor `jwks`") }
        return try JSONWebKeySet(parsing: value.bytes())
    }

    private func verify(_ message: JSONValue, _ request: JSONValue) throws {
        var options = JWSVerifier.Options()
        let detached = request["payload"]?.string.map { Array($0.utf8) }
        options.allowsUnencodedPayload = detached != nil || acceptsJSON
        let verifier =
            try key(request).map { try JWSVerifier($0, allowing: .all, options: options) }
            ?? JWSVerifier(set(request), allowing: .all, options: options)
        if let text = message.string {
            _ = try verifier.verify(text, detachedPayload: detached)
        } else if acceptsJSON {
            _ = try verifier.verify(json: message.bytes(), detachedPayload: detached)
        } else {
            throw JOSEError(.malformed, "not the compact form")
        }
    }

    private func decrypt(_ message: JSONValue, _ request: JSONValue) throws {
        var options = JWEDecrypter.Options()
        options.algorithms = Set(KeyManagementAlgorithm.allCases)
        options.maximumIterations = Self.maximumIterations
        let decrypter = try key(request).map { try JWEDecrypter($0, options: options) } ?? JWEDecrypter(set(request), options: options)
        if let text = message.string {
            _ = try decrypter.decrypt(text)
        } else if acceptsJSON {
            _ = try decrypter.decrypt(json: message.bytes())
        } else {
            throw JOSEError(.malformed, "not the compact form")
        }
    }

    private func judge(_ request: JSONValue) throws {
        if try key(request) != nil { return }
        let set = try set(request)
        if let skipped = set.skipped.first { throw skipped.error }
        if set.keys.isEmpty { throw JOSEError(.noMatchingKey, "the set is empty") }
    }

    // MARK: Making

    private func generate(_ name: String) throws -> JSONValue {
        guard let algorithm = SignatureAlgorithm(rawValue: name) else { throw JOSEError(.unsupported, "`\(name)` is not supported") }
        return try JSONWebKey.generate(for: algorithm).json(includingPrivate: true)
    }

    private func sign(_ text: String, _ request: JSONValue) throws -> JSONValue {
        guard let key = try key(request) else { throw JOSEError(.malformed, "`jwk` is missing") }
        let algorithm = request["alg"]?.string.flatMap(SignatureAlgorithm.init(rawValue:))
        let signer = JWSSigner(try SigningKey(key, algorithm: algorithm))
        return .string(try signer.string(Array(text.utf8), header: .init(type: request["typ"]?.string)))
    }

    private func encrypt(_ text: String, _ request: JSONValue) throws -> JSONValue {
        guard let key = try key(request), let algorithm = (request["alg"]?.string).flatMap(KeyManagementAlgorithm.init(rawValue:)) else {
            throw JOSEError(.malformed, "`jwk` or `alg` is missing")
        }
        let encryption = (request["enc"]?.string).flatMap(ContentEncryption.init(rawValue:)) ?? .a256GCM
        var encrypter = try JWEEncrypter(key, algorithm: algorithm, encryption: encryption)
        encrypter.iterations = 10_000
        return .string(String(decoding: try encrypter.encrypt(Array(text.utf8)), as: UTF8.self))
    }
}
