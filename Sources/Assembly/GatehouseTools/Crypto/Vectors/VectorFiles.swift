import Foundation

/// The command `gatehouse crypto vector`.
public enum VectorFiles {
    /// Runs files and prints their lines; returns the exit code: 1 when a test failed, 2 when a file cannot be read.
    public static func run(_ files: [String], isQuiet: Bool) -> Int32 {
        var status: Int32 = 0
        for file in files {
            let runner = VectorRunner { line in
                let isDetail = line.hasSuffix(" pass") || line.contains(" unsupported ") && line.first?.isNumber == true
                if !isQuiet || !isDetail { print(line) }
            }
            do {
                if try runner.run(file: file).failed > 0 { status = max(status, 1) }
            } catch {
                FileHandle.standardError.write(Data("cannot run `\(file)`: \(error)\n".utf8))
                status = 2
            }
        }
        return status
    }
}
