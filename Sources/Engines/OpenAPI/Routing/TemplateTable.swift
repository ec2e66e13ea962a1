/// Path templates such as `/orders/{id}`, found by a request's path: the router of descriptions, for programs with templates of their own.
///
/// Precedence is that of the specification: literal text before mixed segments, and these before an expression alone.
public struct TemplateTable: Sendable {
    /// A template that fits a path.
    public struct Match: Sendable {
        /// Places of the templates that share this route, in the order they were added.
        public let places: [Int]
        /// What the expressions cover, still percent-encoded, in the order of the path.
        public let captures: [ArraySlice<UInt8>]
    }

    private var table = RouteTable<Int>()

    /// How many templates there are.
    public private(set) var count = 0

    /// No templates.
    public init() {}

    /// Adds a template, which gets the next place.
    ///
    /// - Returns: the names of its expressions in order.
    /// - Throws: ``TemplateFault`` where it is no template.
    @discardableResult
    public mutating func add(_ text: String) throws(TemplateFault) -> [String] {
        do throws(PathTemplate.Fault) {
            let template = try PathTemplate(text)
            table.insert(template.segments, count)
            count += 1
            return template.names
        } catch {
            throw TemplateFault(reason: error.reason)
        }
    }

    /// The template that a raw path means; nil where none fits, and for paths that two servers could read differently: with dot
    /// segments, control characters, broken or encoded separators.
    public func match(_ path: [UInt8]) -> Match? {
        do throws(RequestPath.Fault) { try RequestPath.check(path, allowsEncodedSlash: false) } catch { return nil }
        return table.match(path).map { Match(places: $0.targets, captures: $0.captures) }
    }
}

/// Why a text is no path template.
public struct TemplateFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// A clause, lower case.
    public let reason: String

    /// The reason.
    public var description: String { reason }
}
