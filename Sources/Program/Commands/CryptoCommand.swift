import ArgumentParser
import Foundation
import GatehouseTools

struct CryptoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crypto",
        abstract: "Check and make keys, signatures and encrypted messages.",
        subcommands: [
            JOSECommand.self, JOSESpeedCommand.self, WebAuthnCommand.self, PasswordsCommand.self, VectorCommand.self,
        ])
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

struct WebAuthnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webauthn",
        abstract: "Judge browsers' answers to passkey ceremonies, one JSON object a line.",
        discussion: """
            {"rpId":…,"origins":[…],"challenge":…,"registration":…} is answered by {"ok":true,"credential":…,"trusted":…}; with \
            "credential" and "authentication" instead, by {"ok":true}; else by {"ok":false}. Bytes are base64url; "roots" are \
            certificates in DER, "requiresTrust" demands one of them; "userVerification" is required, preferred or discouraged.

            Exit code 0 once the input has ended, whatever the answers were.
            """)

    @Flag(help: "Add the reason to each refusal.")
    var explain = false

    func run() {
        var lines = WebAuthnLines(at: Int64(Date().timeIntervalSince1970))
        lines.explains = explain
        LineFilter.run(lines.answer)
    }
}

struct PasswordsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passwords",
        abstract: "Make and check Argon2id hashes and one-time codes, one JSON object a line.",
        discussion: """
            {"password":…} is answered by {"hash":…}, {"password":…,"hash":…} by {"ok":…}; {"secret":BASE32,"time":…} by \
            {"code":…}, with "code" beside them by {"ok":…}. "hash" for codes is SHA1, SHA256 or SHA512, "digits" 6 to 8.

            Exit code 0 once the input has ended, whatever the answers were.
            """)

    func run() { LineFilter.run(PasswordLines().answer) }
}

struct VectorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vector",
        abstract: "Run files of test vectors in the form of Wycheproof.",
        discussion: """
            Prints one line for each test: its id and `pass`, `fail` with what went wrong, or `unsupported` with what is not offered, \
            then one line with the counts of the file. NIST's ACVP files for FF1 are read too.

            Exit code 0 when no test failed, 1 when one did, 2 when a file cannot be read.
            """)

    @Argument(help: "The files.")
    var files: [String]

    @Flag(help: "Print the counts and the failed tests only.")
    var quiet = false

    func run() throws {
        let status = VectorFiles.run(files, isQuiet: quiet)
        if status != 0 { throw ExitCode(status) }
    }
}
