public import GatehouseCore
public import NIOCore

/// Sees the bytes of a request's body in the order in which they come from the client, each once, whether they are held or flow on.
///
/// For bodies that are too long to be held: a refusal ends the request before it is whole, so that the backend never takes it for one.
/// Confined to the exchange's event loop.
public protocol RequestBodyWatch: AnyObject {
    /// The guard's name.
    var guardName: String { get }
    /// `enforce`, or `report` for one whose refusals are only recorded.
    var mode: GuardMode { get }
    /// Judges the next bytes.
    ///
    /// - Returns: why the request ends here; `nil` to go on.
    func read(_ bytes: ByteBuffer) -> Refusal?
    /// Judges the body at its end.
    ///
    /// - Returns: why the request ends here; `nil` for a good one.
    func end() -> Refusal?
}
