import ArgumentParser
import GatehouseTools

struct CryptoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crypto",
        abstract: "Check and make keys, signatures and encrypted messages.",
        subcommands: [JOSECommand.self, JOSESpeedCommand.self])
}

struct JOSECommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jose",
        abstract: "Judge JSON Web Keys, Signatures and Encryption, one JSON object a line.",
        discussion: """
            Reads lines from standard input and prints one line for each. {"jwk":…} or {"jwks":…} with "jws" or "jwe" is answered \
            by {"ok":true} where the message verifies or opens under the key, else by {"ok":false}. A key or set alone is judged \
            itself. "payload" gives a detached payload. {"jwk":…,"sign":"text"} answers {"jws":…}, \
            {"jwk":…,"encrypt":"text","alg":…,"enc":…} answers {"jwe":…}, {"generate":"ES256"} answers {"jwk":…}.

            Exit code 0 once the input has ended, whatever the answers were.
            """)

    @Flag(help: "Accept the JSON serializations beside the compact one.")
    var jsonSerialization = false

    @Flag(help: "Add the reason to each refusal.")
    var explain = false

    func run() {
        var lines = JOSELines()
        lines.acceptsJSON = jsonSerialization
        lines.explains = explain
        LineFilter.run(lines.answer)
    }
}

struct JOSESpeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jose-speed",
        abstract: "Measure how many tokens a second one core signs and verifies.",
        discussion: "Prints one line for each algorithm: its name, tokens signed a second, tokens verified a second. Exit code 0.")

    @Option(help: "Seconds for each algorithm.")
    var seconds = 1.0

    func run() throws {
        try JOSESpeed.printTable(seconds: seconds)
    }
}
