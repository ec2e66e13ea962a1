import StrictJSON

/// What the runner does on pages of the provider, in the form of the OpenID Foundation's suite: match an address, fill in, click.
struct BrowserTask: Sendable {
    /// Which pages: an address in which `*` stands for anything.
    let match: String
    let commands: [Command]

    enum Command: Sendable, Equatable {
        /// Type a text into a field, found by `id` or `name`.
        case type(by: String, key: String, text: String)
        /// Press a button, found by `id`, `name`, `class` or `value`.
        case click(by: String, key: String)
    }

    /// Reads `browser` of a plan: a list of `{match, tasks: [{match, commands: [["text", "id", KEY, TEXT], ["click", "class", KEY]]}]}`.
    static func read(_ value: JSONValue) throws -> [BrowserTask] {
        try (value.array ?? []).flatMap { entry -> [BrowserTask] in
            let outer = entry["match"]?.string ?? "*"
            return try (entry["tasks"]?.array ?? []).map { task in
                let commands = try (task["commands"]?.array ?? []).compactMap(Self.command)
                return BrowserTask(match: task["match"]?.string ?? outer, commands: commands)
            }
        }
    }

    private static func command(_ value: JSONValue) throws -> Command? {
        let words = (value.array ?? []).compactMap(\.string)
        switch words.first {
        case "text" where words.count >= 4: return .type(by: words[1], key: words[2], text: words[3])
        case "click" where words.count >= 3: return .click(by: words[1], key: words[2])
        case "wait", "wait-element-invisible", "wait-element-visible": return nil
        default: throw ConformanceFailure("the command `\(words.first ?? "")` of a browser task is not known")
        }
    }

    /// True where the task is for a page.
    func fits(_ address: String) -> Bool { Self.matches(Array(match.utf8)[...], Array(address.utf8)[...]) }

    private static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        guard first == UInt8(ascii: "*") else { return first == text.first && matches(pattern.dropFirst(), text.dropFirst()) }
        let rest = pattern.drop { $0 == UInt8(ascii: "*") }
        return rest.isEmpty || text.indices.contains { matches(rest, text[$0...]) }
    }

    /// What a house of our own shows: sign-in, consent, sign-out.
    static func ours(user: String, password: String) -> [BrowserTask] {
        [
            BrowserTask(
                match: "*/signin*",
                commands: [
                    .type(by: "id", key: "name", text: user), .type(by: "id", key: "password", text: password),
                    .click(by: "class", key: "primary"),
                ]), BrowserTask(match: "*/authorize*", commands: [.click(by: "value", key: "allow")]),
            BrowserTask(match: "*/logout*", commands: [.click(by: "value", key: "yes")]),
        ]
    }
}
