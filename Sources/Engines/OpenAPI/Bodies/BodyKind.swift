/// How a body of a media type is read.
enum BodyKind: Sendable, Hashable {
    case json, jsonLines, jsonSequence, eventStream, form, multipart, xml, text, binary

    init(_ type: MediaType) {
        switch (type.type, type.subtype) {
        case ("application", "x-www-form-urlencoded"): self = .form
        case ("application", "jsonl"), ("application", "x-ndjson"), ("application", "ndjson"), ("application", "x-jsonlines"):
            self = .jsonLines
        case ("application", "json-seq"): self = .jsonSequence
        case ("text", "event-stream"): self = .eventStream
        case ("multipart", _): self = .multipart
        case (_, "json"): self = .json
        case ("application", "xml"), ("text", "xml"): self = .xml
        case ("text", _): self = .text
        default: self = BodyKind(suffix: type.suffix)
        }
    }

    private init(suffix: String?) {
        switch suffix {
        case "json": self = .json
        case "json-seq": self = .jsonSequence
        case "xml": self = .xml
        default: self = .binary
        }
    }

    /// Whether no bytes at all are a value of the kind.
    var mayBeEmpty: Bool {
        switch self {
        case .form, .text, .binary, .jsonLines, .jsonSequence, .eventStream: true
        case .json, .multipart, .xml: false
        }
    }

    /// Charsets that are read; for bytes and parts the parameter has no meaning here.
    func reads(_ charset: String) -> Bool {
        switch self {
        case .binary, .multipart: true
        case .text: ["utf-8", "utf8", "us-ascii", "iso-8859-1"].contains(charset)
        default: ["utf-8", "utf8", "us-ascii"].contains(charset)
        }
    }
}
