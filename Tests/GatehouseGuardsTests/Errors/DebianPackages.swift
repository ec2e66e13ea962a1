import Foundation

/// The package descriptions that a Debian system keeps.
enum DebianPackages {
    private static let path = "/var/lib/dpkg/status"

    static var isHere: Bool { FileManager.default.isReadableFile(atPath: path) }

    static func descriptions() -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n\n").compactMap { entry in
            let lines = entry.split(separator: "\n", omittingEmptySubsequences: false)
            guard let start = lines.firstIndex(where: { $0.hasPrefix("Description:") }) else { return nil }
            let rest = lines[(start + 1)...].prefix { $0.hasPrefix(" ") }
            return ([lines[start]] + rest).joined(separator: "\n")
        }
    }
}
