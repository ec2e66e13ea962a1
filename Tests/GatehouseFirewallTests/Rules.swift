import Foundation
import GatehouseConfiguration
import GatehouseCore
import GatehouseFirewall
import GatehouseGuards
import GatehouseTesting
import NIOPosix

/// A folder of rules of a few lines, small enough to be compiled for each test.
struct RuleFolder {
    let path = NSTemporaryDirectory() + "gatehouse-rules-\(UUID().uuidString)"

    /// - Parameter files: names and texts.
    init(_ files: [String: String]) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(name, text) }
    }

    func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name)) }

    /// Settings that read this folder alone; `provesItself` is off unless asked for, since few lines refuse few attacks.
    func settings(_ mode: GuardMode = .enforce, _ change: (inout FirewallGuardSettings) -> Void = { _ in }) -> FirewallGuardSettings {
        var settings = FirewallGuardSettings()
        settings.mode = mode
        settings.rules.folders = [FilePath(path)]
        settings.rules.provesItself = false
        change(&settings)
        return settings
    }
}

extension TestHouse {
    /// A house whose only guard is the firewall.
    convenience init(firewall settings: FirewallGuardSettings, library: FirewallLibrary = FirewallLibrary()) throws {
        let rules = try library.rules(settings, now: 1_700_000_000)
        self.init([FirewallGuard(settings, rules: rules, worker: FirewallWorker(NIOThreadPool.singleton))], mode: settings.mode)
    }
}

extension EventRecorder {
    /// The ids of the rules that matched, in order.
    var ruleIDs: [Int] { events.compactMap { if case .match(let record) = $0 { record.match.id } else { nil } } }
}

extension FirewallGuardSettings {
    /// The packaged Core Rule Set; nil where it is not installed.
    static func packaged(_ mode: GuardMode = .enforce) -> FirewallGuardSettings? {
        guard FileManager.default.fileExists(atPath: "/usr/share/modsecurity-crs/rules") else { return nil }
        var settings = FirewallGuardSettings()
        settings.mode = mode
        return settings
    }
}

/// Whether the package with the rules is there.
let hasCoreRuleSet = FirewallGuardSettings.packaged() != nil
