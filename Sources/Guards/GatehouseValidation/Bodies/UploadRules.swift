internal import GatehouseConfiguration
internal import GatehouseCore
internal import OpenAPI

/// What an uploaded file may be called and be.
struct UploadRules: Sendable {
    let parts: Int
    let partLimit: Int?
    private let refusedExtensions: Set<String>
    private let types: [MediaType]
    private let checksSignatures: Bool

    init(_ settings: BodiesGuardSettings) {
        parts = settings.fields
        partLimit = settings.partLimit?.bytes
        refusedExtensions = Set(settings.refusedExtensions.map { $0.lowercased() })
        types = settings.uploadTypes.compactMap { MediaType($0) }
        checksSignatures = settings.checksSignatures
    }

    /// Judges the name and the media type of a file.
    func check(_ head: PartHead) throws(BodyFinding) {
        guard let name = head.fileName, !name.isEmpty else { return }
        try check(name: name)
        guard !types.isEmpty else { return }
        guard let type = head.contentType, types.contains(where: { $0.covers(type) }) else {
            throw BodyFinding(415, "upload_type", "a file's media type is not one that may be uploaded")
        }
    }

    /// A name is one segment of a path, the same on every system, with no ending that a server runs.
    func check(name: String) throws(BodyFinding) {
        let bytes = Array(name.utf8)
        guard bytes.count <= 255 else { throw BodyFinding(400, "file_name", "a file's name is longer than 255 bytes") }
        let separators: [UInt8] = [0x2F, 0x5C, 0x00]
        guard !bytes.contains(where: separators.contains), name != ".", name != ".." else {
            throw BodyFinding(400, "file_name", "a file's name holds a path")
        }
        let lower = name.lowercased()
        guard !["%2f", "%5c", "%00", "%2e%2e"].contains(where: lower.contains) else {
            throw BodyFinding(400, "file_name", "a file's name holds an escaped path")
        }
        guard !lower.contains("::$"), bytes.last != 0x2E, bytes.last != 0x20 else {
            throw BodyFinding(400, "file_name", "a file's name ends in what some systems cut off")
        }
        guard !name.unicodeScalars.contains(where: Self.isUnseen) else {
            throw BodyFinding(400, "file_name", "a file's name holds characters that are not seen")
        }
        let endings = lower.split(omittingEmptySubsequences: false) { $0 == "." || $0 == ";" }.dropFirst().map(\.withoutBlanks)
        if let ending = endings.first(where: refusedExtensions.contains) {
            throw BodyFinding(415, "file_extension", "a file's name has the ending `.\(ending)`")
        }
    }

    /// Direction marks and characters without width turn the reading of a name around or hide its ending.
    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF, 0x80...0x9F: true
        default: false
        }
    }

    /// True where the first bytes of a file are those of the media type that it says it has.
    func begins(_ bytes: ArraySlice<UInt8>, as type: MediaType?) -> Bool {
        guard checksSignatures, let type, let signature = FileSignature.of(type) else { return true }
        return signature.fits(bytes)
    }
}

/// The bytes that files of one media type begin with.
struct FileSignature: Sendable {
    private let beginnings: [[UInt8]]
    private let offset: Int

    /// How many bytes must be there to tell.
    static let length = 16

    func fits(_ bytes: ArraySlice<UInt8>) -> Bool {
        beginnings.contains { bytes.dropFirst(offset).starts(with: $0) }
    }

    /// nil for media types without a signature.
    static func of(_ type: MediaType) -> FileSignature? { table[type.essence] }

    private init(_ beginnings: [[UInt8]], at offset: Int = 0) {
        self.beginnings = beginnings
        self.offset = offset
    }

    private static let table: [String: FileSignature] = {
        let zip: [[UInt8]] = [[0x50, 0x4B, 0x03, 0x04], [0x50, 0x4B, 0x05, 0x06], [0x50, 0x4B, 0x07, 0x08]]
        let office = ["wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation"]
        var table = [
            "image/png": FileSignature([[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]]),
            "image/jpeg": FileSignature([[0xFF, 0xD8, 0xFF]]),
            "image/gif": FileSignature([Array("GIF87a".utf8), Array("GIF89a".utf8)]),
            "image/webp": FileSignature([Array("WEBP".utf8)], at: 8),
            "image/bmp": FileSignature([Array("BM".utf8)]),
            "image/tiff": FileSignature([[0x49, 0x49, 0x2A, 0x00], [0x4D, 0x4D, 0x00, 0x2A]]),
            "image/avif": FileSignature([Array("ftyp".utf8)], at: 4),
            "image/heic": FileSignature([Array("ftyp".utf8)], at: 4),
            "video/mp4": FileSignature([Array("ftyp".utf8)], at: 4),
            "application/pdf": FileSignature([Array("%PDF-".utf8)]),
            "application/zip": FileSignature(zip), "application/gzip": FileSignature([[0x1F, 0x8B]]),
        ]
        for kind in office { table["application/vnd.openxmlformats-officedocument.\(kind)"] = FileSignature(zip) }
        return table
    }()
}

extension Substring {
    fileprivate var withoutBlanks: String { String(filter { $0 != " " && $0 != "\t" }) }
}
