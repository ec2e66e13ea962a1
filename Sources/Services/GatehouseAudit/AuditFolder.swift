import Foundation
import Glibc
import TransparencyLog

/// Reads and writes the log's files; every write is whole, synced and then renamed into place.
struct AuditFolder: Sendable {
    let path: String

    init(_ path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    func read(_ name: String) -> [UInt8]? { FileManager.default.contents(atPath: path + "/" + name).map { [UInt8]($0) } }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        let (file, draft) = (path + "/" + name, path + "/" + name + ".new")
        let folder = (file as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw AuditError.file(name, "cannot be written") }
        defer { close(descriptor) }
        try writeAll(bytes, to: descriptor, name: name)
        guard fsync(descriptor) == 0, unsafe rename(draft, file) == 0 else { throw AuditError.file(name, "cannot be put in place") }
        syncFolder(folder)
    }

    /// Removes the narrower versions of a file at the right edge, once a wider one is in place.
    func removePartials(of name: String, except kept: String) {
        let folder = path + "/" + name + ".p"
        guard let widths = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        for width in widths where name + ".p/" + width != kept { try? FileManager.default.removeItem(atPath: folder + "/" + width) }
        if !kept.hasPrefix(name + ".p/") { try? FileManager.default.removeItem(atPath: folder) }
    }

    private func syncFolder(_ folder: String) {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}

/// Writes all bytes to a descriptor.
func writeAll(_ bytes: [UInt8], to descriptor: Int32, name: String) throws {
    var written = 0
    while written < bytes.count {
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
        }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw AuditError.file(name, "cannot be written: \(unsafe String(cString: strerror(errno)))") }
        written += count
    }
}

/// Why the audit log cannot go on.
public struct AuditError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One lower-case sentence without a full stop.
    public let reason: String

    static func file(_ name: String, _ what: String) -> AuditError { AuditError(reason: "`\(name)` \(what)") }

    /// For logs; holds no secret.
    public var description: String { "audit log: \(reason)" }
}
