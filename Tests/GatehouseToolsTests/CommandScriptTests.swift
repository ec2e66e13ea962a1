import Foundation
import Testing

/// `GATEHOUSE_REGENERATE=1` writes the answers anew, to be read before they are committed; `GATEHOUSE` names a built program
/// to ask in place of the one beside the tests.
@Suite struct CommandScriptTests {
    @Test(arguments: try CommandScriptTests.scripts())
    func `every command answers as its script says`(script: String) throws {
        try play(script, with: MemoryRunner())
    }

    @Test(.enabled(if: program != nil), arguments: try CommandScriptTests.scripts())
    func `the built program answers likewise`(script: String) throws {
        try play(script, with: try ProcessRunner(program: try #require(Self.program)))
    }

    @Test func `there are scripts`() throws { #expect(try Self.scripts().count >= 3) }

    private func play(_ script: String, with runner: some ScriptRunner) throws {
        var runner = runner
        let file = Self.folder.appendingPathComponent(script)
        let text = try String(contentsOf: file, encoding: .utf8)
        var answers: [String] = []
        for step in CommandScript(text).steps {
            switch step {
            case .file(let name, let text): try runner.put(name, text)
            case .command(let words, let expected, let line):
                let answer = try runner.run(words)
                answers.append(answer)
                #expect(answer == expected, "\(script):\(line) answers:\n\(answer)")
            }
        }
        guard ProcessInfo.processInfo.environment["GATEHOUSE_REGENERATE"] != nil else { return }
        try Data(CommandScript.rewritten(text, answers: answers).utf8).write(to: file)
    }

    /// The program that `GATEHOUSE` names, or the one that was built beside the tests.
    private static let program: String? = {
        if let named = ProcessInfo.processInfo.environment["GATEHOUSE"] { return named }
        let built = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("gatehouse").path
        return FileManager.default.isExecutableFile(atPath: built) ? built : nil
    }()
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Scripts")

    private static func scripts() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }.sorted()
    }
}
