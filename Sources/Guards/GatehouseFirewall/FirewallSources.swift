internal import GatehouseConfiguration
internal import GatehouseCore
internal import SecLang

/// Puts the rule text of a firewall together, in the order that the Core Rule Set expects: settings, exclusions, the rules with their own
/// setup, own rules.
struct FirewallSources {
    private let settings: FirewallGuardSettings.Rules
    private let exclusions: [String]

    init(_ settings: FirewallGuardSettings.Rules, exclusions: [String] = []) { (self.settings, self.exclusions) = (settings, exclusions) }

    /// Reads all of it.
    ///
    /// - Throws: what cannot be read, with the package to install where there are no rules at all.
    func read(with reader: FileRecorder) throws -> [RuleSource] {
        var sources = [RuleSource.recommendedSettings, engine]
        for path in settings.before { sources += try reader.rules(at: path.path) }
        for file in settings.exclusions { sources += try reader.optional(file.path.path) }
        if !exclusions.isEmpty { sources.append(RuleSource(name: "exclusions", text: exclusions.joined(separator: "\n"))) }
        var rules =
            try settings.folders.isEmpty
            ? reader.rules(at: nil) : settings.folders.flatMap { try reader.rules(at: $0.path) }
        // What this file says comes behind what the rule set's own setup says.
        let setup = rules.firstIndex { $0.name.hasSuffix("crs-setup.conf") || $0.name.hasSuffix("crs-setup.conf.example") }
        rules.insert(levels, at: setup.map { $0 + 1 } ?? 0)
        sources += rules
        for path in settings.after { sources += try reader.rules(at: path.path) }
        return sources
    }

    private var engine: RuleSource {
        var lines = [
            "SecRequestBodyLimit \(settings.bodyLimit.bytes)",
            "SecRequestBodyNoFilesLimit \(settings.bodyLimitWithoutFiles.bytes)",
            "SecArgumentsLimit \(settings.argumentsLimit)",
            "SecRequestBodyJsonDepthLimit \(settings.jsonDepthLimit)",
            "SecResponseBodyAccess \(settings.inspectsResponses ? "On" : "Off")",
            "SecResponseBodyLimit \(settings.responseBodyLimit.bytes)",
        ]
        if !settings.responseTypes.isEmpty {
            lines.append("SecResponseBodyMimeTypesClear")
            lines.append("SecResponseBodyMimeType \(settings.responseTypes.joined(separator: " "))")
        }
        if let database = settings.geoDatabase { lines.append("SecGeoLookupDB \"\(database.path)\"") }
        return RuleSource(name: "the configuration's limits", text: lines.joined(separator: "\n"))
    }

    /// Levels and thresholds, for both generations of the rule set.
    private var levels: RuleSource {
        var values: [(String, Int)] = []
        if let level = settings.paranoiaLevel { values += [("paranoia_level", level), ("blocking_paranoia_level", level)] }
        if let level = settings.detectionParanoiaLevel ?? settings.paranoiaLevel {
            values += [("executing_paranoia_level", level), ("detection_paranoia_level", level)]
        }
        if let score = settings.inboundThreshold { values.append(("inbound_anomaly_score_threshold", score)) }
        if let score = settings.outboundThreshold { values.append(("outbound_anomaly_score_threshold", score)) }
        let text = values.map { ",setvar:tx.\($0.0)=\($0.1)" }.joined()
        return RuleSource(
            name: "the configuration's levels",
            text: text.isEmpty ? "" : "SecAction \"id:\(Self.levelsID),phase:1,nolog,pass,t:none\(text)\"")
    }

    /// The id of our own rule, in the range that the Core Rule Set leaves to setups.
    static let levelsID = 900_997
}
