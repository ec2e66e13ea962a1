internal import GatehouseAuthorization
internal import GatehouseConfiguration
internal import GatehouseCore
internal import GatehouseMonitor
internal import GatehouseOutgoing
internal import HTTPWire
internal import NIOCore

/// What the authorization guards need of the house.
enum AuthorizationFittings {
    /// A runtime that writes decision logs to files.
    static func runtime(events: any EventSink) -> AuthorizationRuntime {
        AuthorizationRuntime(caller: OutgoingCaller(), clock: SystemClock(), events: events) { settings in
            DecisionFile(settings, events: events)
        }
    }
}

/// A decision log's file; what the disk does not take is told.
private struct DecisionFile: DecisionOutput {
    private let file: RotatingFile

    init(_ settings: DecisionLogFile, events: any EventSink) {
        file = RotatingFile(path: settings.path.path, mostBytes: settings.maxBytes.bytes, keep: settings.keep) { count, reason in
            events.emit(
                .system(
                    SystemRecord(
                        time: SystemClock().wall, component: "authorization", name: "decisions_lost", severity: .high,
                        message: "decisions could not be written: \(reason)", facts: [("count", String(count))])))
        }
    }

    func write(_ lines: [UInt8]) { file.write(lines) }
    func close() { file.close() }
}

/// Calls entity services and decision points through the house's client.
private struct OutgoingCaller: HTTPCaller {
    private let client = OutgoingClient()

    func call(_ call: HTTPCall, on loop: any EventLoop) -> EventLoopFuture<HTTPReply> {
        guard let address = HTTPAddress(call.url) else { return loop.makeFailedFuture(HTTPCallFailure("`\(call.url)` is no address")) }
        var request = OutgoingRequest(call.method == "POST" ? .post : .get, address, fields: call.fields, body: call.body)
        request.timeout = call.timeout
        request.answerLimit = call.answerLimit
        let (sent, authorities) = (request, call.authorities.map(FilePath.init))
        let promise = loop.makePromise(of: HTTPReply.self)
        promise.completeWithTask { [client] in
            let answer = try await client.send(sent, authorities: authorities)
            return HTTPReply(status: answer.status, body: answer.body)
        }
        return promise.futureResult
    }
}
