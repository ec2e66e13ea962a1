import Foundation
import GatehouseConfiguration
import Synchronization

@testable import GatehouseTools

/// Runs the commands of a script: in this process over files in memory, or with the program that `GATEHOUSE` names over files on disk.
protocol ScriptRunner {
    mutating func put(_ name: String, _ text: String) throws
    mutating func run(_ words: [String]) throws -> String
}

/// The same tools that the program calls, without a process.
struct MemoryRunner: ScriptRunner {
    private var files: [String: String] = [:]

    mutating func put(_ name: String, _ text: String) { files[name] = text }

    mutating func run(_ words: [String]) throws -> String {
        var arguments = Arguments(words.dropFirst())
        let result: ToolResult
        switch arguments.next() {
        case "check":
            var check = ConfigurationCheck(file: arguments.option("--config") ?? arguments.option("-c") ?? "gatehouse.yaml")
            check.url = arguments.option("--url")
            check.method = arguments.option("--method") ?? "GET"
            check.showsDefaults = arguments.flag("--all")
            check.isStrict = arguments.flag("--strict")
            check.asJSON = arguments.flag("--json")
            result = check.run(in: .memory(files: files.merging(files.map { ("./" + $0, $1) }) { $1 }))
        case "init":
            var starter = ConfigurationStarter(upstream: arguments.option("--upstream") ?? "")
            starter.listen = arguments.option("--listen") ?? starter.listen
            starter.file = arguments.option("--output") ?? starter.file
            starter.overwrites = arguments.flag("--force")
            var written = files
            result = withUnsafeWriter(&written) { write in starter.run(write: write) }
            files = written
        case "version": result = ToolResult(output: HouseVersion.line + "\n")
        case let other: throw ScriptFailure(text: "no command `\(other ?? "")` in scripts")
        }
        guard arguments.rest.isEmpty else { throw ScriptFailure(text: "unknown arguments \(arguments.rest)") }
        return CommandScript.answer(output: result.output, complaint: result.complaint, status: result.status)
    }

    private func withUnsafeWriter(
        _ files: inout [String: String], _ body: (@escaping (String, String, Bool) throws -> Bool) -> ToolResult
    ) -> ToolResult {
        let box = Mutex(files)
        let result = body { name, text, overwrites in
            box.withLock { files in
                if files[name] != nil, !overwrites { return false }
                files[name] = text
                return true
            }
        }
        files = box.withLock { $0 }
        return result
    }
}

/// The built program.
struct ProcessRunner: ScriptRunner {
    let program: String
    let folder: URL

    init(program: String) throws {
        self.program = program
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-scripts-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func put(_ name: String, _ text: String) throws {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func run(_ words: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = Array(words.dropFirst())
        process.currentDirectoryURL = folder
        let (output, complaint) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, complaint)
        try process.run()
        let texts = [output, complaint].map { String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
        process.waitUntilExit()
        return CommandScript.answer(output: texts[0], complaint: texts[1], status: process.terminationStatus)
    }
}

struct ScriptFailure: Error {
    var text: String
}

/// Words after a command, taken out one by one.
private struct Arguments {
    var rest: [String]

    init(_ words: some Sequence<String>) { rest = Array(words) }

    mutating func next() -> String? { rest.isEmpty ? nil : rest.removeFirst() }

    mutating func flag(_ name: String) -> Bool {
        guard let index = rest.firstIndex(of: name) else { return false }
        rest.remove(at: index)
        return true
    }

    mutating func option(_ name: String) -> String? {
        guard let index = rest.firstIndex(of: name), index + 1 < rest.count else { return nil }
        defer { rest.removeSubrange(index...(index + 1)) }
        return rest[index + 1]
    }
}
