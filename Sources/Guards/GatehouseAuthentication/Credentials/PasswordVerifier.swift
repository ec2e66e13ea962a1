internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseGuards
internal import NIOCore
internal import Passwords
internal import Synchronization

/// Checks names and passwords of machines (RFC 7617) beside the event loops.
///
/// Refuses: at once when too many wait, or too many of one client, so that a flood costs no one else their turn.
/// Assumes: the results are remembered by the caller.
final class PasswordVerifier: Sendable {
    private let entries: [String: (hash: PHCString, entry: CredentialFile.Entry)]
    private let hasher: PasswordHasher
    private let queue: HashingQueue
    private let mostOfOne: Int
    private let state = Mutex(State())

    private struct State {
        /// Those that wait for the same check.
        var waiting: [CacheKey: [EventLoopPromise<Result<VerifiedCredential, CredentialFault>>]] = [:]
        var byClient: [IPAddress: Int] = [:]
    }

    /// The names of a file.
    ///
    /// - Throws: which hash cannot be used.
    init(_ settings: BasicCredentialSettings, queue: HashingQueue) throws {
        var entries: [String: (PHCString, CredentialFile.Entry)] = [:]
        let file = settings.file?.path.path ?? ""
        for entry in settings.file?.entries ?? [] {
            guard let hash = PHCString(entry.hash) else { throw UnusableCredential(name: entry.name, file: file) }
            entries[entry.name] = (hash, entry)
        }
        self.entries = entries
        self.queue = queue
        var random = SystemRandomNumberGenerator()
        // the cost of an unknown name is that of the dearest known one
        let cost = entries.values.map(\.0.parameters).max { $0.memoryKiB < $1.memoryKiB } ?? Argon2Parameters()
        guard let hasher = PasswordHasher(cost, using: &random) else { throw UnusableCredential(name: "", file: file) }
        self.hasher = hasher
        mostOfOne = max(1, settings.queue / 4)
    }

    /// The caller that a name and password stand for.
    func verify(
        _ credentials: ArraySlice<UInt8>, of client: IPAddress, key: CacheKey, at now: Int64, on loop: any EventLoop
    ) -> EventLoopFuture<Result<VerifiedCredential, CredentialFault>> {
        let promise = loop.makePromise(of: Result<VerifiedCredential, CredentialFault>.self)
        guard let (name, password) = Self.parse(credentials) else {
            promise.succeed(.failure(CredentialFault(.malformed, "basic_syntax", "not base64 of a name, a colon and a password")))
            return promise.futureResult
        }
        switch enter(key, client, promise) {
        case .joined: break
        case .refused: promise.succeed(.failure(Self.busy(1)))
        case .first:
            Task.detached { [self] in
                let result = await check(name, password, at: now)
                for waiting in leave(key, client) { waiting.succeed(result) }
            }
        }
        return promise.futureResult
    }

    private enum Entry { case first, joined, refused }

    private func enter(
        _ key: CacheKey, _ client: IPAddress, _ promise: EventLoopPromise<Result<VerifiedCredential, CredentialFault>>
    ) -> Entry {
        state.withLock { state in
            if let count = state.waiting[key]?.count {
                guard count < 1000 else { return .refused }
                state.waiting[key]?.append(promise)
                return .joined
            }
            guard state.byClient[client, default: 0] < mostOfOne else { return .refused }
            state.byClient[client, default: 0] += 1
            state.waiting[key] = [promise]
            return .first
        }
    }

    private func leave(_ key: CacheKey, _ client: IPAddress) -> [EventLoopPromise<Result<VerifiedCredential, CredentialFault>>] {
        state.withLock { state in
            let left = state.byClient[client, default: 1] - 1
            state.byClient[client] = left > 0 ? left : nil
            return state.waiting.removeValue(forKey: key) ?? []
        }
    }

    private func check(_ name: String, _ password: String, at now: Int64) async -> Result<VerifiedCredential, CredentialFault> {
        let known = entries[name]
        do {
            let verdict = try await queue.run { [hasher] in
                var random = SystemRandomNumberGenerator()
                return hasher.verify(password, against: known?.hash, using: &random)
            }
            guard case .match = verdict, let entry = known?.entry else {
                return .failure(CredentialFault(.invalid, "basic", "wrong name or password"))
            }
            guard (entry.expires ?? .max) > now else { return .failure(CredentialFault(.invalid, "basic", "`\(name)` has expired")) }
            return .success(VerifiedCredential(CallerIdentity(entry, credential: .basic), expires: entry.expires ?? .max))
        } catch let full as HashingQueue.Full {
            return .failure(Self.busy(max(1, full.retryAfter.components.seconds)))
        } catch {
            return .failure(Self.busy(1))
        }
    }

    private static func busy(_ seconds: Int64) -> CredentialFault {
        var fault = CredentialFault(.busy, "basic_busy", "too many passwords wait for their turn")
        fault.retryAfter = seconds
        return fault
    }

    /// Name and password of RFC 7617, in UTF-8; at most 1 KiB.
    static func parse(_ text: ArraySlice<UInt8>) -> (name: String, password: String)? {
        guard text.count <= 1400, let data = Data(base64Encoded: Data(text)), let pair = String(validating: data, as: UTF8.self),
            let colon = pair.firstIndex(of: ":"), !pair.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else { return nil }
        return (String(pair[..<colon]), String(pair[pair.index(after: colon)...]))
    }
}

/// A line of a credential file that cannot be used.
struct UnusableCredential: Error, CustomStringConvertible {
    let name: String
    let file: String

    var description: String { "the hash of `\(name)` in `\(file)` is no Argon2id hash within the limits" }
}
