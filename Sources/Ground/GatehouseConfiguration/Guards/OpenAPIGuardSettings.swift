public import GatehouseCore

/// What requests and answers may be, as an OpenAPI document says.
public struct OpenAPIGuardSettings: Sendable, Equatable {
    /// What happens to a request that the document does not know.
    public enum Undocumented: String, Sendable, CaseIterable {
        /// It is refused.
        case refuse
        /// It is listed and passes.
        case report
    }

    /// The status of requests that are understood and wrong.
    public enum InvalidStatus: String, Sendable, CaseIterable {
        /// Bad Request.
        case badRequest = "400"
        /// Unprocessable Content; what cannot be read at all stays 400.
        case unprocessable = "422"
    }

    /// What may be changed in a request on its way.
    public enum Sanitizing: String, Sendable, CaseIterable {
        /// Properties and parameters that the document does not name are taken out.
        case stripUnknown = "strip_unknown"
        /// Properties that only answers may hold are taken out.
        case stripReadOnly = "strip_read_only"
        /// White space at both ends of texts is taken off.
        case trim
        /// Texts are brought into Unicode's normalization form C.
        case nfc
        /// Documented defaults of what is missing are added.
        case fillDefaults = "fill_defaults"
    }

    /// The document; nil: the guard does not run.
    public var file: FilePath?
    /// What is done with requests; default `enforce`.
    public var requests = GuardMode.enforce
    /// What is done with answers; default `enforce`.
    public var responses = GuardMode.enforce
    /// Until then `enforce` only reports; nil: at once.
    public var reportUntil: Moment?
    /// Default 400.
    public var invalidStatus = InvalidStatus.badRequest
    /// Paths and methods that the document does not know; default `refuse`.
    public var undocumented = Undocumented.refuse
    /// Query parameters that the operation does not know; default `report`.
    public var undocumentedParameters = Undocumented.report
    /// Whether the credentials that the document asks for must be there; default true. Whether they are good is not asked here.
    public var checksCredentials = true
    /// Whether `Accept` must take one of the documented media types; default true.
    public var checksAccept = true
    /// Base paths in place of those of the document's servers; nil: the servers'.
    public var basePaths: [PathPrefix]?
    /// What may be changed in requests; default nothing.
    public var sanitizing: [Sanitizing] = []
    /// Bytes of a request body that is looked into, as sent and as opened; a longer one is refused. Default 10 MiB.
    public var bodyLimit = ByteCount.mebibytes(10)
    /// Bytes of an answer that is looked into; a longer one passes with an event. Default 1 MiB.
    public var responseBodyLimit = ByteCount.mebibytes(1)
    /// Whether the offending value goes to the log; default true. Names that sound secret are left out.
    public var logsValues = true

    /// The defaults, without a document.
    public init() {}
}

extension OpenAPIGuardSettings: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "openapi guard" }
    /// What it is for.
    public static var about: String {
        "What requests and answers may be, as an OpenAPI document (3.0, 3.1, 3.2) says: all else is refused before the service sees it."
    }
    /// The document, or the mode word of both directions.
    public static var shortForm: ValueForm? { .either([FilePath.form, GuardMode.form]) }

    /// Its keys.
    public static var keys: [ConfigurationKey<OpenAPIGuardSettings>] { [fileKey, modeKey] + modeKeys + strictnessKeys + bodyKeys }

    private static var fileKey: ConfigurationKey<OpenAPIGuardSettings> {
        ConfigurationKey(
            "file", \.file.existing,
            "The document, YAML or JSON. A change of it, or of a file that it refers to, counts as a change of this file.",
            defaultText: "none: the guard does not run")
    }

    /// Sets both directions.
    private static var modeKey: ConfigurationKey<OpenAPIGuardSettings> {
        ConfigurationKey("mode", "Sets `requests` and `responses` together.", form: GuardMode.form) { node, settings, reader in
            guard let mode = GuardMode.read(node, over: nil, with: &reader) else { return }
            settings.setModes(mode, at: node, with: &reader)
        }
    }

    private static var modeKeys: [ConfigurationKey<OpenAPIGuardSettings>] {
        [
            ConfigurationKey("requests", \.requests, "What is done with requests.", risk: modeRisk),
            ConfigurationKey(
                "responses", \.responses, "What is done with answers: `enforce` answers 502 in place of one that breaks the document.",
                risk: Risk("`report` or `off`", because: "broken answers reach the client") { $0 != .enforce }),
            ConfigurationKey(
                "report_until", \.reportUntil, "Until then `enforce` only reports, to try a new document out.", defaultText: "at once"),
        ]
    }

    private static var strictnessKeys: [ConfigurationKey<OpenAPIGuardSettings>] {
        [
            ConfigurationKey(
                "invalid_status", \.invalidStatus,
                "The status of requests that are understood and wrong; what cannot be read at all is always 400."),
            ConfigurationKey(
                "undocumented", \.undocumented, "Paths and methods that the document does not know: refused with 404 and 405, or listed.",
                risk: Risk("`report`", because: "what nobody wrote down can be reached") { $0 == .report }),
            ConfigurationKey(
                "undocumented_parameters", \.undocumentedParameters, "Query parameters that the operation does not know."),
            ConfigurationKey(
                "check_credentials", \.checksCredentials,
                "Answers 401 where the credentials that the document asks for are missing. Whether they are good is not asked here."),
            ConfigurationKey("check_accept", \.checksAccept, "Answers 406 where `Accept` takes none of the documented media types."),
            ConfigurationKey(
                "base_paths", \.basePaths, "Base paths in place of those of the document's servers; `/` for none.",
                defaultText: "those of the document's `servers`"),
        ]
    }

    private static var bodyKeys: [ConfigurationKey<OpenAPIGuardSettings>] {
        [
            ConfigurationKey(
                "sanitize", \.sanitizing,
                "What may be changed in requests before they are judged, each change with an event; a body without a change stays byte for byte."
            ),
            ConfigurationKey(
                "body_limit", \.bodyLimit, in: 1024...(.mebibytes(256)),
                "Bytes of a request body that has to be looked into, as sent and as opened; a longer one is refused with 413. Bodies that are bytes to the document flow past."
            ),
            ConfigurationKey(
                "response_body_limit", \.responseBodyLimit, in: 1024...(.mebibytes(256)),
                "Bytes of an answer that is held and looked into; a longer one passes with an event."),
            ConfigurationKey(
                "log_values", \.logsValues,
                "Writes the offending value into the event, but for names that sound secret; never into the answer."),
        ]
    }

    /// Takes a mode word or the path of a document.
    public mutating func readShort(_ node: YAMLNode, with reader: inout ConfigurationReader) -> Bool {
        if let word = node.plainWord, let mode = GuardMode(rawValue: word) {
            setModes(mode, at: node, with: &reader)
            return true
        }
        guard node.scalar != nil, let file = ExistingFile.read(node, over: nil, with: &reader) else { return false }
        self.file = file.file
        reader.origin(of: "file", at: node)
        return true
    }

    private mutating func setModes(_ mode: GuardMode, at node: YAMLNode, with reader: inout ConfigurationReader) {
        (requests, responses) = (mode, mode)
        for key in ["requests", "responses"] { reader.origin(of: key, at: node) }
        if let why = Self.modeRisk.reason(mode) { reader.unsafe(mode.rawValue, because: why, at: node) }
    }

    private static var modeRisk: Risk<GuardMode> {
        Risk("`report` or `off`", because: "requests that the document does not allow reach the service") { $0 != .enforce }
    }

    /// A key `openapi` of a section that holds guards: the same settings, told where one looks for them first.
    static func key<Section: ConfigurationSection>(
        in guards: any WritableKeyPath<Section, Guards> & Sendable, _ about: String
    ) -> ConfigurationKey<Section> {
        ConfigurationKey("openapi", about, form: form, defaultText: "that of `guards`") { node, section, reader in
            guard let settings = read(node, over: section[keyPath: guards].openAPI, with: &reader) else { return }
            section[keyPath: guards].openAPI = settings
            reader.copyOrigins(to: "guards.openapi")
        }
    }
}

extension OpenAPIGuardSettings.Undocumented: ConfigurationChoice {}
extension OpenAPIGuardSettings.InvalidStatus: ConfigurationChoice {}
extension OpenAPIGuardSettings.Sanitizing: ConfigurationChoice {}
