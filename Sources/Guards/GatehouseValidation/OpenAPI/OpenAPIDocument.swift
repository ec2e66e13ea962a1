internal import Foundation
public import GatehouseConfiguration
internal import GatehouseCore
public import OpenAPI
internal import Synchronization

/// A document in use by a service: compiled once, with what traffic uses of it.
public final class OpenAPIDocument: Sendable {
    /// The compiled document.
    public let validator: OpenAPIValidator
    /// What traffic uses of it; shared by all routes of the service.
    public let traffic: OpenAPITraffic

    let content: [String: [UInt8]]
    let choices: Choices

    /// The settings that the compiled document depends on.
    struct Choices: Equatable {
        let file: String
        let basePaths: [String]?
        let undocumentedParameters: OpenAPIGuardSettings.Undocumented
        let checksCredentials: Bool
        let checksAccept: Bool
        let bodyLimit: Int

        init(_ settings: OpenAPIGuardSettings, file: String) {
            self.file = file
            basePaths = settings.basePaths?.map(\.text)
            undocumentedParameters = settings.undocumentedParameters
            checksCredentials = settings.checksCredentials
            checksAccept = settings.checksAccept
            bodyLimit = settings.bodyLimit.bytes
        }

        var options: OpenAPIOptions {
            var options = OpenAPIOptions()
            options.basePaths = basePaths
            options.unknownQueryParameters = undocumentedParameters == .refuse ? .refuse : .report
            options.checksSecurity = checksCredentials
            options.checksAccept = checksAccept
            options.bodyBytes = bodyLimit
            return options
        }
    }

    init(_ validator: OpenAPIValidator, traffic: OpenAPITraffic, content: [String: [UInt8]], choices: Choices) {
        self.validator = validator
        self.traffic = traffic
        self.content = content
        self.choices = choices
    }
}

/// The documents in use: read at each load of a configuration, compiled again only where a file has changed, shared by all places.
public final class OpenAPILibrary: Sendable {
    private struct Shelf {
        weak var document: OpenAPIDocument?
        let service: String
    }

    private let shelves = Mutex<[Shelf]>([])

    /// An empty library.
    public init() {}

    /// The document that settings name, for one service.
    ///
    /// - Throws: ``OpenAPIError`` with file, line, column and reason; Foundation's error for a file that cannot be read.
    public func document(_ settings: OpenAPIGuardSettings, service: String) throws -> OpenAPIDocument? {
        guard let file = settings.file?.path else { return nil }
        let choices = OpenAPIDocument.Choices(settings, file: file)
        let kept = shelves.withLock { $0.compactMap { $0.service == service ? $0.document : nil } }
        let current = kept.filter { $0.content.allSatisfy { Self.bytes(of: $0.key) == $0.value } && $0.choices.file == file }
        if let same = current.first(where: { $0.choices == choices }) { return same }
        let document = try Self.load(choices, service: service, traffic: current.first?.traffic)
        shelves.withLock { shelves in
            shelves.removeAll { $0.document == nil }
            shelves.append(Shelf(document: document, service: service))
        }
        return document
    }

    /// What traffic uses of each document in use, by service.
    public var traffic: [OpenAPITraffic] {
        let all = shelves.withLock { $0.compactMap { $0.document?.traffic } }
        return all.reduce(into: []) { found, next in if !found.contains(where: { $0 === next }) { found.append(next) } }
    }

    /// The files of all documents in use, those that they refer to among them.
    public var files: [String] { Set(shelves.withLock { $0.flatMap { $0.document?.content.keys.map { $0 } ?? [] } }).sorted() }

    private static func load(
        _ choices: OpenAPIDocument.Choices, service: String, traffic: OpenAPITraffic?
    ) throws -> OpenAPIDocument {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: choices.file)))
        let content = Mutex([choices.file: bytes])
        let validator = try OpenAPIValidator(name: choices.file, bytes: bytes, options: choices.options) { name in
            guard !name.contains("://"), let bytes = Self.bytes(of: name) else { return nil }
            content.withLock { $0[name] = bytes }
            return bytes
        }
        let traffic = traffic ?? OpenAPITraffic(validator, service: service, file: choices.file)
        return OpenAPIDocument(validator, traffic: traffic, content: content.withLock { $0 }, choices: choices)
    }

    private static func bytes(of path: String) -> [UInt8]? { (try? Data(contentsOf: URL(fileURLWithPath: path))).map { [UInt8]($0) } }
}
