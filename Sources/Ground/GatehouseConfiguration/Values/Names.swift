internal import GatehouseCore

/// A file or folder named in the configuration, made absolute against the folder of the file that names it.
public struct FilePath: Sendable, Hashable, CustomStringConvertible {
    /// The path.
    public let path: String

    /// A path as it is.
    public init(_ path: String) { self.path = path }

    /// The path.
    public var description: String { path }
}

/// A host that a service answers for: a name, or `*.name` for every name below it. In lower case, without port.
public struct HostPattern: Sendable, Hashable, CustomStringConvertible {
    /// The name without `*.`.
    public let name: String
    /// True for `*.name`: one or more labels in front; the name itself is not meant.
    public let isWildcard: Bool

    /// A pattern; nil where the name has characters that no host has, or a `*` elsewhere than in front.
    public init?(_ text: String) {
        isWildcard = text.hasPrefix("*.")
        let rest = (isWildcard ? String(text.dropFirst(2)) : text).lowercased()
        name = rest.hasPrefix("[") && rest.hasSuffix("]") ? String(rest.dropFirst().dropLast()) : rest
        guard !name.contains(":") || IPAddress(text: name)?.family == .v6 else { return nil }
        guard !name.isEmpty, name.utf8.count <= 253, name.utf8.allSatisfy(Self.isHostByte), !name.hasPrefix("."), !name.contains("..")
        else { return nil }
    }

    /// True where this pattern covers a host in lower case without port.
    public func matches(_ host: String) -> Bool {
        guard isWildcard else { return host == name }
        return host.utf8.count > name.utf8.count + 1 && host.hasSuffix("." + name)
    }

    /// True where every host of the other pattern is one of this, as certificates count: their wildcard stands for one label.
    public func covers(_ other: HostPattern) -> Bool {
        if other.isWildcard { return isWildcard && name == other.name }
        guard isWildcard else { return name == other.name }
        return other.name.firstIndex(of: ".").map { other.name[$0...].dropFirst() == name } ?? false
    }

    /// True where some host fits both patterns.
    public func overlaps(_ other: HostPattern) -> Bool {
        self == other || matches(other.name) || other.matches(name)
            || (isWildcard && other.isWildcard && (name.hasSuffix("." + other.name) || other.name.hasSuffix("." + name)))
    }

    /// As written.
    public var description: String { isWildcard ? "*." + name : name }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}

/// A path prefix that ends on a segment: `/api` covers `/api` and `/api/x`, not `/apix`. Kept without a closing slash; `/` is empty.
public struct PathPrefix: Sendable, Hashable, CustomStringConvertible {
    /// The prefix without a closing slash: empty for `/`.
    public let text: String

    /// A prefix; nil where it does not begin with a slash or has a query, a fragment, dot segments or empty segments.
    public init?(_ text: String) {
        guard text.hasPrefix("/") else { return nil }
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        let segments = trimmed.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard segments.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }), !trimmed.utf8.contains(where: { $0 <= 32 || $0 == 127 }),
            !trimmed.contains("?"), !trimmed.contains("#")
        else { return nil }
        self.text = trimmed
    }

    /// True where this prefix covers a normalized path.
    public func covers(_ path: String) -> Bool {
        guard path.utf8.starts(with: text.utf8) else { return false }
        return path.utf8.count == text.utf8.count || path.utf8.dropFirst(text.utf8.count).first == UInt8(ascii: "/")
    }

    /// As written, `/` for the empty one.
    public var description: String { text.isEmpty ? "/" : text }
}

/// A header field's name, in lower case (RFC 9110, section 5.1).
public struct FieldName: Sendable, Hashable, CustomStringConvertible {
    /// The name in lower case.
    public let name: String

    /// A name; nil where it is not a token.
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= 128, text.utf8.allSatisfy(isTokenByte) else { return nil }
        name = text.lowercased()
    }

    /// The name in lower case.
    public var description: String { name }
}

/// A request method (RFC 9110, section 9.1), case-sensitive.
public struct MethodName: Sendable, Hashable, CustomStringConvertible {
    /// The method as it stands on the wire.
    public let name: String

    /// A method; nil where it is not a token in upper case.
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= 32, text.utf8.allSatisfy({ isTokenByte($0) && !(97...122).contains($0) }) else {
            return nil
        }
        name = text
    }

    /// The method.
    public var description: String { name }
}

func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
