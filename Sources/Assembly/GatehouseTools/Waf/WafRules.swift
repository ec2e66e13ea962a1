internal import Foundation
public import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseFirewall
public import SecLang

/// The rules a firewall runs with, as a configuration says or as options of a command do.
public struct WafRules: Sendable {
    /// What is compiled.
    public var settings: FirewallGuardSettings.Rules

    /// The rules of settings.
    public init(_ settings: FirewallGuardSettings.Rules = .init()) { self.settings = settings }

    /// Describes rules by paths.
    ///
    /// - Parameters:
    ///   - folder: a folder of the Core Rule Set; the system's package where there is none.
    ///   - before: files read before it: settings and exclusions.
    ///   - after: files read behind it: own rules.
    ///   - paranoiaLevel: what the rule set's own setup says where there is none.
    public init(folder: String? = nil, before: [String] = [], after: [String] = [], paranoiaLevel: Int? = nil) {
        settings = FirewallGuardSettings.Rules()
        settings.folders = folder.map { [Self.path($0)] } ?? []
        settings.before = before.map(Self.path)
        settings.after = after.map(Self.path)
        settings.paranoiaLevel = paranoiaLevel
    }

    /// The rules of a place in a configuration.
    ///
    /// - Parameters:
    ///   - service: the service's name; nil: the only one, or else what stands at the top of the file.
    ///   - route: the name of one of its routes.
    /// - Throws: `WafEvent.Failure` where there is no such place, or its firewall is off.
    public init(_ configuration: Configuration, service: String? = nil, route: String? = nil) throws {
        var guards = configuration.guards
        if let service {
            guard let found = configuration.services.first(where: { $0.name == service }) else {
                throw WafEvent.Failure(description: "no service is called `\(service)`")
            }
            guards = found.routes.first { $0.name == route }?.guards ?? found.guards
        } else if configuration.services.count == 1 {
            guards = configuration.services[0].guards
        }
        guard guards.waf.mode != .off else { throw WafEvent.Failure(description: "the `waf` guard is off there") }
        settings = guards.waf.rules
    }

    /// Adds files that are read before the rules.
    public mutating func add(before files: [String]) { settings.before += files.map(Self.path) }

    /// Takes another folder of rules.
    public mutating func use(folder: String) { settings.folders = [Self.path(folder)] }

    /// Reads and compiles them.
    ///
    /// - Parameter exclusions: lines that are read before the rules.
    /// - Throws: what is wrong with the rules, with file, line and column.
    public func compile(exclusions: [String] = []) throws -> RuleSet { try FirewallRules.compile(settings, exclusions: exclusions) }

    private static func path(_ text: String) -> FilePath { FilePath(URL(fileURLWithPath: text).path) }
}
