import Synchronization

/// The place of the authorizer in force: read by every decision, replaced in one step at a reload.
///
/// A decision that began with the old authorizer ends with it.
public final class AuthorizerSlot: Sendable {
    private let state: Mutex<Authorizer>

    /// A slot that holds this authorizer.
    public init(_ authorizer: Authorizer) {
        state = Mutex(authorizer)
    }

    /// The authorizer in force.
    public var current: Authorizer { state.withLock { $0 } }

    /// Puts another one in force and returns the former.
    @discardableResult
    public func replace(with authorizer: Authorizer) -> Authorizer {
        state.withLock { current in
            let former = current
            current = authorizer
            return former
        }
    }
}
