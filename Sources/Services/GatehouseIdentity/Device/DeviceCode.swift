import Crypto
import Foundation
import GatehouseStore

/// A device that waits for a user to allow it elsewhere (RFC 8628), as it is stored.
struct DeviceCode: Sendable {
    static let grantType = "urn:ietf:params:oauth:grant-type:device_code"

    let clientID: String
    let scopes: [String]
    let resources: [String]
    let expires: Int64
    /// Seconds between two questions.
    let pace: Int64
    let polled: Int64?
    let state: State
    let grantID: String?

    enum State: String, Sendable {
        case pending, approved, denied, spent
    }

    /// What a question of the device meets.
    enum Standing: Sendable, Equatable {
        case ready
        case pending
        case tooFast
        case denied
        case expired
        case spent
    }

    /// Judges a question at a moment.
    func standing(at now: Int64) -> Standing {
        guard state != .spent else { return .spent }
        guard now < expires else { return .expired }
        if let polled, now < polled + pace { return .tooFast }
        return switch state {
        case .approved: .ready
        case .denied: .denied
        default: .pending
        }
    }

    init(_ row: Row) throws {
        clientID = try row.text("client_id")
        scopes = try row.text("scope").words
        resources = try row.text("resources").words
        expires = try row.integer("expires")
        pace = try row.integer("pace")
        polled = try row.optionalInteger("polled")
        state = State(rawValue: try row.text("state")) ?? .spent
        grantID = try row.optionalText("grant_id")
    }

    static func find(_ hash: [UInt8], in transaction: Transaction) throws -> DeviceCode? {
        try transaction.row("SELECT * FROM identity_device_codes WHERE hash = \(hash)").map { try DeviceCode($0) }
    }

    /// Notes a question; one that came too fast makes the pace slower by five seconds (section 3.5).
    static func note(_ hash: [UInt8], tooFast: Bool, at now: Int64, in transaction: Transaction) throws {
        try transaction.run("UPDATE identity_device_codes SET polled = \(now), pace = pace + \(tooFast ? 5 : 0) WHERE hash = \(hash)")
    }

    /// Spends an allowed code; exactly one of all that try wins.
    static func spend(_ hash: [UInt8], in transaction: Transaction) throws -> Bool {
        try transaction.run("UPDATE identity_device_codes SET state = 'spent' WHERE hash = \(hash) AND state = 'approved'") == 1
    }
}

/// The code that a user types: eight consonants, which spell no words (RFC 8628 section 6.1).
public enum UserCode {
    private static let alphabet = Array("BCDFGHJKLMNPQRSTVWXZ".utf8)

    /// A new code, such as `WDJB-MJHT`.
    static func generate() -> String {
        var random = SystemRandomNumberGenerator()
        let letters = (0..<8).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
        return String(decoding: letters[..<4], as: UTF8.self) + "-" + String(decoding: letters[4...], as: UTF8.self)
    }

    /// What a typed code is looked up by: case, spaces and dashes do not matter. Nil where it cannot be a code.
    static func hash(_ typed: String) -> [UInt8]? {
        guard typed.utf8.count <= 64 else { return nil }
        let letters = typed.uppercased().utf8.filter(alphabet.contains)
        guard letters.count == 8, typed.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x2D || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) }) else {
            return nil
        }
        return [UInt8](SHA256.hash(data: Array(letters)))
    }
}
