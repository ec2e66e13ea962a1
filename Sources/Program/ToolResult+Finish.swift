import ArgumentParser
import Foundation
import GatehouseTools

extension ToolResult {
    /// Prints what there is to say and ends the command.
    ///
    /// - Throws: the exit code, where it is not 0.
    func finish() throws {
        FileHandle.standardOutput.write(Data(output.utf8))
        FileHandle.standardError.write(Data(complaint.utf8))
        if status != 0 { throw ExitCode(status) }
    }
}
