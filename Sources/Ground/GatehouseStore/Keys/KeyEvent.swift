public import Envelope
import Synchronization

/// Something that happened to a key, for who keeps account of it.
public struct KeyEvent: Sendable, Hashable {
    /// What happened.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// A key was made, with version 1.
        case made = "key_made"
        /// A new version seals from now on.
        case rotated = "key_rotated"
        /// A version's material was destroyed.
        case retired = "key_retired"
        /// A version is wrapped by another root key.
        case moved = "key_moved"
        /// Uses of a version were set aside, before they happen.
        case used = "key_used"
    }

    /// What happened.
    public var action: Action
    /// To which key.
    public var name: KeyName
    /// To which version.
    public var version: UInt32
    /// How many uses were set aside; 0 for all else.
    public var uses: UInt64 = 0
}

extension KeyKeeper {
    /// Takes account of what happens to keys, in the transaction in which it happens: both are done or neither.
    public typealias Recorder = @Sendable (KeyEvent, Transaction) throws -> Void

    /// Sets who takes account from now on. The recorder may seal with this keeper.
    public func record(with recorder: @escaping Recorder) { shared.withLock { $0.recorder = recorder } }

    func tell(_ event: KeyEvent, in transaction: Transaction) throws {
        guard let recorder = shared.withLock({ $0.recorder }) else { return }
        // Last in the transaction: the recorder seals too, and must not find a key half made.
        transaction.beforeCommit { try recorder(event, transaction) }
    }
}
