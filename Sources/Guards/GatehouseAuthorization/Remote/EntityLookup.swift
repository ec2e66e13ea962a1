internal import Cedar
internal import GatehouseConfiguration
internal import GatehouseCore
internal import NIOCore
internal import StrictJSON
internal import Synchronization

/// Asks services for single entities, and keeps what they say for a while.
final class EntityLookup: Sendable {
    /// What came of a look-up.
    enum Result {
        case now([Entity])
        case later(EventLoopFuture<[Entity]>)
    }

    private struct Source: Sendable {
        let settings: EntityService
        let types: Set<Text>
        let attributes: [(name: Text, pointer: JSONPointer)]
        let cache: ExpiringCache<EntityUID, [Entity]>
    }

    private let sources: [Source]
    private let caller: any HTTPCaller
    private let clock: any HouseClock
    private let waiting = Mutex<[EntityUID: [EventLoopPromise<[Entity]>]]>([:])

    init(_ services: [EntityService], names: TypeNames, caller: any HTTPCaller, clock: any HouseClock) throws(AuthorizationFault) {
        var sources: [Source] = []
        for service in services {
            var attributes: [(name: Text, pointer: JSONPointer)] = []
            for pair in service.attributes.pairs {
                do throws(JSONError) {
                    attributes.append((Text(pair.name), try JSONPointer(parsing: pair.text)))
                } catch {
                    throw AuthorizationFault(error.reason)
                }
            }
            sources.append(
                Source(
                    settings: service, types: Set(service.types.map(names.type)), attributes: attributes,
                    cache: ExpiringCache(capacity: service.cacheEntries)))
        }
        self.sources = sources
        self.caller = caller
        self.clock = clock
    }

    /// Everything that the sources know of some entities.
    func entities(_ uids: [EntityUID], schema: Schema?, conversion: ValueConversion, on loop: any EventLoop) -> Result {
        var found: [Entity] = []
        var pending: [EventLoopFuture<[Entity]>] = []
        for uid in uids {
            guard let source = sources.first(where: { $0.types.contains(uid.type) }) else { continue }
            if let known = source.cache.value(uid, now: clock.monotonic) {
                found += known
            } else {
                pending.append(ask(source, uid, schema, conversion, loop))
            }
        }
        guard !pending.isEmpty else { return .now(found) }
        let known = found
        return .later(EventLoopFuture.whenAllSucceed(pending, on: loop).map { known + $0.flatMap { $0 } })
    }

    /// Asks once, however many wait for the answer.
    private func ask(
        _ source: Source, _ uid: EntityUID, _ schema: Schema?, _ conversion: ValueConversion, _ loop: any EventLoop
    ) -> EventLoopFuture<[Entity]> {
        let promise = loop.makePromise(of: [Entity].self)
        let isFirst = waiting.withLock { waiting in
            waiting[uid, default: []].append(promise)
            return waiting[uid]?.count == 1
        }
        guard isFirst else { return promise.futureResult }
        caller.call(call(source.settings, uid), on: loop).flatMapThrowing { reply in
            try Self.read(reply, source, uid, schema, conversion)
        }.whenComplete { [self] result in
            if case .success(let entities) = result {
                source.cache.keep(entities, for: uid, until: clock.monotonic + source.settings.cache.nanoseconds)
            }
            let promises = waiting.withLock { $0.removeValue(forKey: uid) ?? [] }
            for promise in promises { promise.completeWith(result) }
        }
        return promise.futureResult
    }

    private func call(_ settings: EntityService, _ uid: EntityUID) -> HTTPCall {
        let url = settings.url.replacing("{id}", with: URLText.segment(uid.id.string))
            .replacing("{type}", with: URLText.segment(uid.type.string))
        var fields = [("accept", "application/json")]
        if let token = settings.token { fields.append(("authorization", "Bearer \(token.value.reveal())")) }
        return HTTPCall(
            method: "GET", url: url, fields: fields.map { (name: $0.0, value: $0.1) }, timeout: settings.timeout,
            authorities: settings.caFile?.path)
    }

    private static func read(
        _ reply: HTTPReply, _ source: Source, _ uid: EntityUID, _ schema: Schema?, _ conversion: ValueConversion
    ) throws -> [Entity] {
        if reply.status == 404 || reply.status == 410 { return [] }
        guard reply.status == 200 else { throw HTTPCallFailure("the entity service answered \(reply.status)") }
        guard !source.attributes.isEmpty else {
            let entities = try Entities(parsing: reply.body, schema: schema)
            return entities.all.filter { !$0.uid.isAction }
        }
        let root = try JSONDocument(reply.body).root
        let declared = schema?.attributes(of: uid.type)
        var pairs: [(Text, Value)] = []
        for (name, pointer) in source.attributes {
            guard let json = root.value(at: pointer), !json.isNull else { continue }
            let type = schema == nil ? CedarType.never : declared?[name]?.type
            guard let type, let value = conversion.value(json, as: type) else {
                throw HTTPCallFailure("the entity service gave no usable `\(name)`")
            }
            pairs.append((name, value))
        }
        return [Entity(uid: uid, attributes: Record(pairs))]
    }
}

/// Text in addresses.
enum URLText {
    /// Everything but unreserved characters percent-encoded, so that a text cannot leave its segment.
    static func segment(_ text: String) -> String {
        // a segment of dots alone would be resolved away
        if text == "." || text == ".." { return text.replacing(".", with: "%2E") }
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
