/// A piece of rule text.
public struct RuleSource: Sendable {
    /// The name that errors and records show.
    public var name: String
    /// UTF-8.
    public var text: [UInt8]

    /// Names a text.
    public init(name: String, text: [UInt8]) { (self.name, self.text) = (name, text) }

    /// Names a text.
    public init(name: String, text: String) { self.init(name: name, text: Array(text.utf8)) }
}

/// Gives the engine what rule text refers to; the engine itself reads no file.
public struct RuleResolver: Sendable {
    /// The files of an `Include`, in the order of their names; `pattern` may hold `*`, `?` and `[…]`. A missing file is an error, an empty
    /// pattern result too unless the directive was `IncludeOptional`.
    public var include: @Sendable (_ pattern: String, _ includingFile: String, _ isOptional: Bool) throws -> [RuleSource]
    /// The bytes of a data file such as that of `@pmFromFile`.
    public var data: @Sendable (_ path: String, _ includingFile: String) throws -> [UInt8]
    /// The database that `SecGeoLookupDB` names.
    public var geo: @Sendable (_ path: String, _ includingFile: String) throws -> any GeoLookup

    /// Puts a resolver together; what is left out refuses.
    public init(
        include: @escaping @Sendable (String, String, Bool) throws -> [RuleSource] = { pattern, _, _ in throw Unresolved(pattern) },
        data: @escaping @Sendable (String, String) throws -> [UInt8] = { path, _ in throw Unresolved(path) },
        geo: @escaping @Sendable (String, String) throws -> any GeoLookup = { path, _ in throw Unresolved(path) }
    ) {
        (self.include, self.data, self.geo) = (include, data, geo)
    }

    /// There is nothing to read a file with.
    public struct Unresolved: Error, CustomStringConvertible {
        var path: String

        /// Names the file.
        public init(_ path: String) { self.path = path }

        /// Names the file.
        public var description: String { "cannot read `\(path)`" }
    }
}

/// Finds the country of an address.
public protocol GeoLookup: Sendable {
    /// What is known of an address in text form; nil where nothing is.
    func record(for address: String) -> GeoRecord?
}

/// What a geographical database knows of an address.
public struct GeoRecord: Sendable, Equatable {
    /// ISO 3166-1 alpha-2.
    public var countryCode = ""
    /// The country's English name.
    public var countryName = ""
    /// Two letters.
    public var continent = ""
    /// The region's code.
    public var region = ""
    /// The city's English name.
    public var city = ""
    /// The postal code.
    public var postalCode = ""
    /// Degrees north.
    public var latitude = ""
    /// Degrees east.
    public var longitude = ""

    /// Nothing known.
    public init() {}

    /// The members of the GEO collection.
    var members: [(String, String)] {
        [
            ("COUNTRY_CODE", countryCode), ("COUNTRY_CODE3", countryCode), ("COUNTRY_NAME", countryName), ("COUNTRY_CONTINENT", continent),
            ("REGION", region), ("CITY", city), ("POSTAL_CODE", postalCode), ("LATITUDE", latitude), ("LONGITUDE", longitude),
        ].filter { !$0.1.isEmpty }
    }
}
