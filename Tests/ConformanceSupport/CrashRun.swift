import Dispatch
import Foundation

/// Runs the program that is made to be killed, and kills it.
public enum CrashRun {
    /// The program, which is built beside the tests.
    static var program: URL {
        let bundle = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
        let candidates = [
            bundle, bundle.deletingLastPathComponent(),
            URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent(),
        ]
        return candidates.map { $0.appendingPathComponent("CrashSubject") }.first { FileManager.default.isExecutableFile(atPath: $0.path) }
            ?? bundle.appendingPathComponent("CrashSubject")
    }

    /// Starts the program, lets it say its first line, and kills it with SIGKILL some milliseconds after.
    ///
    /// - Returns: the whole lines that it said, which are what it acknowledged.
    public static func lines(_ arguments: [String], milliseconds: Int) throws -> [String] {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
        var output = pipe.fileHandleForReading.availableData
        let id = process.processIdentifier
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { kill(id, SIGKILL) }
        while true {
            let more = pipe.fileHandleForReading.availableData
            if more.isEmpty { break }
            output.append(more)
        }
        process.waitUntilExit()
        let text = String(decoding: output, as: UTF8.self)
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}
