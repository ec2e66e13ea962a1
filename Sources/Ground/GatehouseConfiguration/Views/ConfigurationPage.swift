extension Configuration {
    /// The reference page of the file in Markdown: every section with its keys, made from the declarations.
    public static var referencePage: String {
        let sections = allSections()
        return introduction + sections.map { page(of: $0.type.document, at: $0.paths) }.joined(separator: "\n") + valueForms
    }

    private static func page(of section: SectionDocument, at paths: [String]) -> String {
        let places = paths.filter { !$0.isEmpty }.map { "`\($0)`" }.joined(separator: ", ")
        var text = "## \(section.title)\n\n\(section.about)\n\n"
        if !places.isEmpty { text += "Stands at \(places).\n\n" }
        text += "| key | value | default | what it does |\n| --- | --- | --- | --- |\n"
        for key in section.keys { text += row(of: key) }
        return text
    }

    private static func row(of key: KeyDocument) -> String {
        var about = key.about
        if let bounds = key.bounds { about += " Range: \(bounds.text)." }
        if let risk = key.risk { about += " **Unsafe:** \(risk)" }
        let fallback = key.isRequired ? "required" : key.defaultText.isEmpty ? "" : key.defaultText
        return "| `\(key.name)` | \(cell(key.form.linkedTitle)) | \(cell(fallback)) | \(cell(about)) |\n"
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }

    private static let introduction = """
        # Configuration

        <!-- Made by `gatehouse config docs` from the types in Sources/Ground/GatehouseConfiguration; a test compares them. -->

        Gatehouse reads one YAML file, `gatehouse.yaml` by default. Three lines are a whole one:

        ```yaml
        # every guard that needs no knowledge of the service is on
        services:
          - upstream: http://127.0.0.1:3000
        ```

        `gatehouse init --upstream URL` writes a commented one, `gatehouse check` validates it and lists every unsafe choice,
        `gatehouse check --url URL` prints the policy of one URL and where each setting comes from, and `gatehouse config schema` prints a
        JSON Schema for editors.

        An unknown key, a repeated key and a value of the wrong kind are errors that name the line, the column and the nearest known key; all
        errors are shown at once. `guards`, `limits` and `timeouts` are merged downwards: a service overrides single keys of what stands at
        the top, a route those of its service. Lists are replaced, but `rate_limits`, which are merged by name. Paths are relative to the
        folder of the file. Secrets never stand in the file, only where they are kept: `env:NAME` or `file:PATH`. The file, and every
        file it names, may change while Gatehouse runs: a good change is taken into use without losing a request, a bad one leaves the old
        configuration in force.


        """

    private static let valueForms = """

        ## Values

        | value | written |
        | --- | --- |
        | duration | numbers with units, largest first: `250ms`, `10s`, `5m`, `1h30m`, `90d`, `1w` |
        | byte count | `512`, `32KiB`, `10MiB`, `1GiB`, or decimal `64KB`, `5MB`, `1GB` |
        | rate | a count in a time: `100/1m`, `10/s`, `5000/1h` |
        | network | an address or CIDR block without bits behind its prefix: `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.7` |
        | host and port | `127.0.0.1:8080`, `[::1]:8080`, `:8080` for every address |
        | secret by reference | `env:NAME`, or `file:PATH` without the file's closing line break |
        | truth value | `true` or `false`; not `yes`, `on` and their like |

        """
}

extension ValueForm {
    /// The title with a link to each section.
    fileprivate var linkedTitle: String {
        sections.reduce(title) { text, section in
            let name = section.type.title
            return text.replacing("(\(name))", with: "[\(name)](#\(name.replacing(" ", with: "-")))")
        }
    }
}
