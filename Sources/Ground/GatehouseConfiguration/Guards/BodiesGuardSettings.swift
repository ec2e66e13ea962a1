public import GatehouseCore

/// Bodies that two parsers could read differently, and uploads that are not what they say.
public struct BodiesGuardSettings: Sendable, Equatable {
    /// Default `enforce`.
    public var mode = GuardMode.enforce
    /// Bytes of a JSON, XML or form body, as sent and as opened; default 10 MiB.
    public var limit = ByteCount.mebibytes(10)
    /// Nesting of JSON and XML; default 64.
    public var depth = 64
    /// Values of a JSON body, elements of an XML body; default 200 000.
    public var elements = 200_000
    /// Fields of a form and parts of a multipart body; default 1000.
    public var fields = 1000
    /// Bytes of one part of a multipart body; nil: no bound of its own.
    public var partLimit: ByteCount?
    /// Whether JSON with a key twice in one object is refused; default true.
    public var refusesDuplicateKeys = true
    /// Endings of file names that are refused, lower case, without dot.
    public var refusedExtensions = Self.scripts
    /// Media types of uploaded files that are let through; empty: all.
    public var uploadTypes: [String] = []
    /// Whether files that say to be an image, a PDF or an archive must begin like one; default true.
    public var checksSignatures = true

    /// The defaults.
    public init() {}

    /// Files that web servers run when they find them in their folders.
    public static let scripts = [
        "php", "php3", "php4", "php5", "php7", "php8", "phtml", "phar", "phps", "pht", "asp", "aspx", "ashx", "asmx", "asa", "cer", "jsp",
        "jspx", "jspf", "jsw", "jsv", "cgi", "fcgi", "cfm", "cfml", "shtml", "htaccess", "htpasswd", "config",
    ]
}

extension BodiesGuardSettings: GuardSettings {
    /// Its name in the documentation.
    public static var title: String { "bodies guard" }
    /// What it is for.
    public static var about: String {
        "Refuses request bodies that two parsers could read differently, and uploads that are not what they say. Needs no document."
    }

    /// Its keys.
    public static var keys: [ConfigurationKey<BodiesGuardSettings>] { [modeKey(\.mode)] + readingKeys + uploadKeys }

    private static var readingKeys: [ConfigurationKey<BodiesGuardSettings>] {
        [
            ConfigurationKey(
                "limit", \.limit, in: 1024...(.mebibytes(256)),
                "Bytes of a JSON, XML or form body, as sent and as opened; a longer one is refused with 413."),
            ConfigurationKey("depth", \.depth, in: 1...1000, "Nesting of JSON and XML."),
            ConfigurationKey("elements", \.elements, in: 1...10_000_000, "Values of a JSON body, elements of an XML body."),
            ConfigurationKey("fields", \.fields, in: 1...1_000_000, "Fields of a form and parts of a multipart body."),
            ConfigurationKey(
                "refuse_duplicate_keys", \.refusesDuplicateKeys, "Refuses JSON that has a key twice in one object.",
                risk: .ifFalse("the service may read another of the two values than the rules did")),
        ]
    }

    private static var uploadKeys: [ConfigurationKey<BodiesGuardSettings>] {
        [
            ConfigurationKey("part_limit", \.partLimit, "Bytes of one part of a multipart body.", defaultText: "none of its own"),
            ConfigurationKey(
                "refuse_extensions", \.refusedExtensions, "Endings of uploaded files' names that are refused, any of several counts.",
                risk: Risk("an empty list", because: "a script may be uploaded to where a server runs it") { $0.isEmpty }),
            ConfigurationKey(
                "upload_types", \.uploadTypes, "Media types of uploaded files that are let through, such as `image/*`.", defaultText: "all"),
            ConfigurationKey(
                "check_signatures", \.checksSignatures, "Files that say to be an image, a PDF or an archive must begin like one.",
                risk: .ifFalse("a script may be uploaded under the name of an image")),
        ]
    }
}
