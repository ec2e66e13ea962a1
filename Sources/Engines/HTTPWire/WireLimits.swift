/// How much of a message head is read before it is refused.
public struct WireLimits: Sendable, Equatable {
    /// Longest request target in bytes; longer ones are answered 414.
    public var targetBytes = 8 * 1024
    /// Longest message head in bytes, start line and fields together; longer ones are answered 431.
    public var headBytes = 32 * 1024
    /// Most field lines of a head, and of a trailer section.
    public var fieldCount = 100
    /// Longest body in bytes, `nil` for none; longer ones are answered 413.
    public var bodyBytes: Int?
    /// Keeps the bytes of a request's head as they came, in ``RequestHead/wire``; costs a copy.
    public var keepsWire = false
    /// Goes by Transfer-Encoding where a request has a Content-Length too (RFC 9112, section 6.1), in place of refusing it; whoever sets this must
    /// close the connection after the answer, see ``RequestHead/hadBothLengths``.
    public var prefersTransferEncoding = false

    /// The defaults: 8 KiB target, 32 KiB head, 100 fields, any body.
    public init() {}
}
