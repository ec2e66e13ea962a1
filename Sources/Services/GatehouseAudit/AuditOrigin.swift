import Foundation
import TransparencyLog

/// The name of a log in its checkpoints. It is part of the log's key, so that it stays what it was when the log began.
public enum AuditOrigin {
    /// The name as set; else that of the log in the folder; else the host's name with random digits, so that no two logs share one.
    ///
    /// - Throws: ``LogError`` with code `malformed` where the folder holds a log of another name than the setting, or a key that is none.
    public static func name(setting: String?, folder: String) throws -> String {
        guard let known = try known(in: folder) else { return setting ?? fresh() }
        guard let setting, setting != known else { return known }
        throw LogError(.malformed, "the folder holds the log `\(known)`: another name needs another folder")
    }

    private static func known(in folder: String) throws -> String? {
        guard let data = FileManager.default.contents(atPath: folder + "/log.vkey") else { return nil }
        return try NoteKey(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)).name
    }

    private static func fresh() -> String {
        let host = ProcessInfo.processInfo.hostName.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }
        let digits = String(UInt32.random(in: 0 ... .max), radix: 16)
        return "\(host.isEmpty ? "gatehouse" : host)-\(String(repeating: "0", count: 8 - digits.count))\(digits)/audit"
    }
}
