import Foundation

/// A PostgreSQL cluster of the test process's own, in a temporary folder on a Unix socket; stopped when the process ends.
///
/// Absent, loudly, where the server's programs are not installed.
public final class TemporaryPostgreSQL: Sendable {
    /// The cluster, started at first use; nil where it cannot be.
    public static let shared = TemporaryPostgreSQL()

    private let folder: URL

    private static let programs = ["/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin"]
        .first { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }

    /// True where a cluster can be started; says so on standard error where not.
    public static var isPresent: Bool {
        if shared == nil {
            FileHandle.standardError.write(Data("skipped: PostgreSQL is not installed, its half of the tests does not run\n".utf8))
        }
        return shared != nil
    }

    private init?() {
        guard let programs = Self.programs else { return nil }
        folder = URL(fileURLWithPath: "/tmp/gatehouse-pg-\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0 ... .max))")
        let data = folder.appendingPathComponent("data").path
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if getuid() == 0 { Self.run(["/bin/chown", "postgres", folder.path]) }
        let options = "-c listen_addresses= -c unix_socket_directories=\(folder.path) -c fsync=off -c max_connections=200"
        guard Self.asPostgres([programs + "/initdb", "-A", "trust", "-U", "postgres", "--no-sync", "-D", data]) == 0,
            Self.asPostgres([programs + "/pg_ctl", "-D", data, "-w", "-l", folder.path + "/log", "-o", options, "start"]) == 0
        else { return nil }
        unsafe stopAtExit = (programs + "/pg_ctl", folder.path)
        atexit {
            guard let (control, folder) = unsafe stopAtExit else { return }
            TemporaryPostgreSQL.asPostgres([control, "-D", folder + "/data", "-m", "immediate", "stop"])
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    /// The address of a new, empty database.
    public func database() -> String {
        let name = "t\(UInt64.random(in: 0 ... .max))"
        Self.asPostgres([(Self.programs ?? "") + "/createdb", "-h", folder.path, "-U", "postgres", name])
        return "postgresql:///\(name)?host=\(folder.path)&user=postgres"
    }

    @discardableResult
    private static func asPostgres(_ arguments: [String]) -> Int32 {
        run(getuid() == 0 ? ["/sbin/runuser", "-u", "postgres", "--"] + arguments : arguments)
    }

    /// Runs a program to its end through the shell: Foundation's `Process` waits for a socket that the server it
    /// started keeps open.
    @discardableResult
    private static func run(_ arguments: [String]) -> Int32 {
        unsafe system("cd /tmp; '" + arguments.joined(separator: "' '") + "' >/dev/null 2>&1 </dev/null")
    }
}

/// Read by the exit handler, which is a C function and captures nothing; written once, before that is registered.
private nonisolated(unsafe) var stopAtExit: (control: String, folder: String)?
