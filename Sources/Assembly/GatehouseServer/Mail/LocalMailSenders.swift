internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseIdentitySite

/// Gives mail to a program on this machine, as `sendmail -t -i` takes it.
struct SendmailSender: MailSender {
    let program: String
    let from: String

    func send(_ mail: Mail) async throws {
        let message = try MailMessage(mail, from: from, date: Date(), identifier: UUID().uuidString)
        let program = program
        try await offTheLoops {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = ["-t", "-i", "-f", message.from]
            let input = Pipe()
            process.standardInput = input
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            try input.fileHandleForWriting.write(contentsOf: Data(message.bytes.filter { $0 != 0x0D }))
            try input.fileHandleForWriting.close()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw MailError(reason: "`\(program)` ended with \(process.terminationStatus)") }
        }
    }
}

/// Writes mail into a folder, for development: one file each, readable by its owner alone.
struct FolderMailSender: MailSender {
    let folder: String
    let from: String

    func send(_ mail: Mail) async throws {
        let message = try MailMessage(mail, from: from, date: Date(), identifier: UUID().uuidString)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let name = "\(folder)/\(Int(Date().timeIntervalSince1970 * 1000))-\(UUID().uuidString.prefix(8)).eml"
        guard FileManager.default.createFile(atPath: name, contents: Data(message.bytes), attributes: [.posixPermissions: 0o600]) else {
            throw MailError(reason: "`\(name)` cannot be written")
        }
    }
}
