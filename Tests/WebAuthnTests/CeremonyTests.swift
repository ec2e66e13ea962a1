import JOSE
import StrictJSON
import Testing
import WebAuthn

typealias Change = @Sendable (inout SoftwareAuthenticator) -> Void

@Suite struct CeremonyTests {
    static let challenge = SoftwareAuthenticator.challenge

    static func party() throws -> RelyingParty { try RelyingParty(id: "example.org", name: "Example", origins: ["https://example.org"]) }

    static func register(_ authenticator: SoftwareAuthenticator, _ party: RelyingParty? = nil) throws -> RelyingParty.Registration {
        try (party ?? Self.party()).register(authenticator.register(), challenge: challenge, at: 0)
    }

    @Test func `a credential registers and signs in, its counter goes up`() throws {
        var authenticator = SoftwareAuthenticator()
        let party = try Self.party()
        let record = try Self.register(authenticator).credential
        #expect(record.hasVerifiedUser && !record.isBackupEligible && record.transports == ["internal"] && record.signCount == 1)
        authenticator.signCount = 5
        let result = try party.authenticate(
            authenticator.authenticate(), challenge: Self.challenge, credential: record, owner: [1], isUserIdentified: false)
        #expect(result.credential.signCount == 5 && result.isUserVerified && !result.hasCounterRegressed)
    }

    static let refusedRegistrations: [(String, WebAuthnError.Code, Change)] = [
        ("another ceremony", .wrongCeremony, { $0.type = "webauthn.get" }),
        ("another origin", .originMismatch, { $0.origin = "https://example.org.evil.net" }),
        ("an origin in upper case", .originMismatch, { $0.origin = "https://EXAMPLE.org" }),
        ("a foreign frame", .originMismatch, { $0.topOrigin = "https://evil.net" }),
        ("another relying party", .relyingPartyMismatch, { $0.relyingParty = "evil.net" }),
        ("an absent user", .userNotPresent, { $0.flags = [.userVerified] }),
        ("an unverified user", .userNotVerified, { $0.flags = [.userPresent] }),
        ("a backup that may not be", .malformed, { $0.flags = [.userPresent, .userVerified, .backedUp] }),
        ("a reserved flag", .malformed, { $0.flags = [.userPresent, .userVerified, .init(rawValue: 2)] }),
        ("an id over 1023 bytes", .malformed, { $0.id = [UInt8](repeating: 1, count: 1024) }),
        ("an empty id", .malformed, { $0.id = [] }),
    ]

    @Test(arguments: refusedRegistrations)
    func `a registration is refused for`(what: String, code: WebAuthnError.Code, change: Change) {
        var authenticator = SoftwareAuthenticator()
        change(&authenticator)
        #expect(refusal { _ = try Self.register(authenticator) } == code)
    }

    @Test func `a registration with another challenge, id or algorithm is refused`() throws {
        let authenticator = SoftwareAuthenticator()
        var party = try Self.party()
        #expect(refusal { _ = try party.register(authenticator.register(), challenge: [UInt8](repeating: 8, count: 32), at: 0) } == .challengeMismatch)
        #expect(refusal { _ = try party.register(authenticator.register(), challenge: [], at: 0) } == .challengeMismatch)
        var answer = try authenticator.register()
        answer.id = [1]
        #expect(refusal { _ = try party.register(answer, challenge: Self.challenge, at: 0) } == .credentialMismatch)
        party.algorithms = [.rs256]
        #expect(refusal { _ = try party.register(authenticator.register(), challenge: Self.challenge, at: 0) } == .unsupported)
    }

    @Test func `extension outputs are read and bytes after them refused`() throws {
        var authenticator = SoftwareAuthenticator()
        authenticator.extensions = CBORMap([(.text("credProtect"), CBORValue(3))])
        #expect(try Self.register(authenticator).extensions?["credProtect"] == CBORValue(3))
        #expect(refusal { _ = try AuthenticatorData(authenticator.data(isRegistration: true) + [0]) } == .malformed)
    }

    static let refusedAuthentications: [(String, WebAuthnError.Code, Change)] = [
        ("a counter that went back", .counterRegressed, { $0.signCount = 4 }),
        ("a counter that stands still", .counterRegressed, { $0.signCount = 5 }),
        ("an unverified user", .userNotVerified, { $0.flags = [.userPresent] }),
        ("another relying party", .relyingPartyMismatch, { $0.relyingParty = "evil.net" }),
        ("new eligibility for backup", .credentialMismatch, { $0.flags.insert(.backupEligible) }),
        ("another id", .credentialMismatch, { $0.id = [3] }),
        ("another origin", .originMismatch, { $0.origin = "https://evil.net" }),
    ]

    @Test(arguments: refusedAuthentications)
    func `an authentication is refused for`(what: String, code: WebAuthnError.Code, change: Change) throws {
        var authenticator = SoftwareAuthenticator()
        authenticator.signCount = 5
        let record = try Self.register(authenticator).credential
        authenticator.signCount = 6
        change(&authenticator)
        let party = try Self.party()
        let refusalCode = refusal {
            _ = try party.authenticate(
                authenticator.authenticate(), challenge: Self.challenge, credential: record, owner: [1], isUserIdentified: false)
        }
        #expect(refusalCode == code)
    }

    @Test func `the user handle must be the owner's, or the user known before`() throws {
        let authenticator = SoftwareAuthenticator()
        var record = try Self.register(authenticator).credential
        record.signCount = 0
        let party = try Self.party()
        func code(_ handle: [UInt8]?, _ isIdentified: Bool) -> WebAuthnError.Code? {
            refusal {
                _ = try party.authenticate(
                    authenticator.authenticate(userHandle: handle), challenge: Self.challenge, credential: record, owner: [1],
                    isUserIdentified: isIdentified)
            }
        }
        #expect(code([1], false) == nil)
        #expect(code([2], true) == .credentialMismatch)
        #expect(code(nil, false) == .credentialMismatch)
        #expect(code(nil, true) == nil)
    }

    @Test func `a signature by another key, or over other data, is refused`() throws {
        let authenticator = SoftwareAuthenticator()
        var record = try Self.register(authenticator).credential
        record.signCount = 0
        let party = try Self.party()
        func code(_ answer: AuthenticationResponse) -> WebAuthnError.Code? {
            refusal { _ = try party.authenticate(answer, challenge: Self.challenge, credential: record, owner: [1], isUserIdentified: true) }
        }
        #expect(code(try SoftwareAuthenticator().authenticate()) == .signatureInvalid)
        var answer = try authenticator.authenticate()
        answer.authenticatorData[36] = 9
        #expect(code(answer) == .signatureInvalid)
        #expect(code(try authenticator.authenticate(type: "webauthn.create")) == .wrongCeremony)
    }

    @Test func `a regressed counter is told where it is not refused`() throws {
        var authenticator = SoftwareAuthenticator()
        authenticator.signCount = 5
        let record = try Self.register(authenticator).credential
        authenticator.signCount = 2
        var party = try Self.party()
        party.refusesCounterRegression = false
        let result = try party.authenticate(
            authenticator.authenticate(), challenge: Self.challenge, credential: record, owner: [1], isUserIdentified: false)
        #expect(result.hasCounterRegressed && result.credential.signCount == 5)
    }

    @Test(arguments: ["", "Example.org", ".org", "exa mple.org"]) func `odd domains are no relying party`(id: String) {
        #expect(refusal { _ = try RelyingParty(id: id, name: "x", origins: ["https://\(id)"]) } == .configuration)
    }

    @Test(arguments: [
        ("https://example.org", true), ("https://login.example.org:8443", true), ("http://example.org", false), ("https://example.org/", false),
        ("https://badexample.org", false), ("example.org", false), ("https://example.org:", false), ("android:apk-key-hash:abc", true),
    ])
    func `origins must belong to the domain`(origin: String, isRight: Bool) {
        #expect(((try? RelyingParty(id: "example.org", name: "x", origins: [origin])) != nil) == isRight)
    }

    @Test func `options say what the party demands`() throws {
        let party = try Self.party()
        let record = try Self.register(SoftwareAuthenticator()).credential
        let user = CredentialUser(handle: [1, 2], name: "alice", displayName: "Alice")
        let options = try party.creationOptions(for: user, challenge: Self.challenge, excluding: [record])
        #expect(options["rp"]?["id"] == "example.org")
        #expect(options["user"]?["id"] == "AQI")
        #expect(options["authenticatorSelection"]?["userVerification"] == "required")
        #expect(options["excludeCredentials"]?[0]?["id"]?.string == Base64URL.string(record.id))
        #expect(options["pubKeyCredParams"]?.array?.count == 5)
        #expect(party.requestOptions(challenge: Self.challenge)["allowCredentials"]?.array?.isEmpty == true)
        #expect(refusal { _ = try party.creationOptions(for: .init(handle: [], name: "", displayName: ""), challenge: []) } == .configuration)
    }

    @Test func `browsers' answers are read from JSON`() throws {
        let authenticator = SoftwareAuthenticator()
        let made = try authenticator.register()
        let id = Base64URL.string(made.id)
        let text =
            #"{"id":"\#(id)","rawId":"\#(id)","type":"public-key","authenticatorAttachment":"platform","clientExtensionResults":{},"response":{"clientDataJSON":"\#(Base64URL.string(made.clientData))","attestationObject":"\#(Base64URL.string(made.attestationObject))","transports":["usb","new"]}}"#
        let read = try RegistrationResponse(parsing: Array(text.utf8))
        #expect(read.transports == ["usb", "new"])
        #expect(try Self.party().register(read, challenge: Self.challenge, at: 0).credential.id == made.id)
        #expect(refusal { _ = try RegistrationResponse(parsing: Array(text.replacing("public-key", with: "password").utf8)) } == .malformed)
        #expect(refusal { _ = try AuthenticationResponse(parsing: Array(text.utf8)) } == .malformed)
        let answer = try authenticator.authenticate()
        let get =
            #"{"id":"\#(id)","rawId":"\#(id)","type":"public-key","response":{"clientDataJSON":"\#(Base64URL.string(answer.clientData))","authenticatorData":"\#(Base64URL.string(answer.authenticatorData))","signature":"\#(Base64URL.string(answer.signature))","userHandle":null}}"#
        #expect(try AuthenticationResponse(parsing: Array(get.utf8)).userHandle == nil)
    }
}
