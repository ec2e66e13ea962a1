internal import Atomics
internal import GatehouseCore
internal import GatehouseGuards
internal import HTTPWire
internal import NIOCore

/// Carries one exchange through its life: guards, backend, answer, log line.
///
/// Stands between a client's stream and a backend's; both call it on their event loop. What each may still send decides the
/// state; `ExchangeRunner+Request` and `+Response` hold the two directions.
final class ExchangeRunner: BackReader {
    let context: LoopContext
    let front: any FrontStream
    let exchange: Exchange
    let destination: Destination

    /// How far the request is.
    enum RequestState {
        /// Guards look at the head, or wait for something.
        case judging
        /// The body is held until guards have seen it whole.
        case holding
        /// A backend's stream is being found; what comes of the body is kept.
        case leasing
        /// The body flows.
        case sending
        /// All of it has been sent.
        case sent
    }

    /// How far the answer is.
    enum AnswerState {
        /// None is there.
        case none
        /// Guards look at the head or the body, or wait for something.
        case judging
        /// The body is held until guards have seen it whole.
        case holding
        /// The body flows to the client.
        case sending
        /// The body of the backend is read only to be kept for the log.
        case draining
        /// Both sides speak raw bytes.
        case tunnel
        /// It is over.
        case ended
    }

    var requestState = RequestState.judging
    var answerState = AnswerState.none
    var back: (any BackStream)?
    var lease: Lease?
    var member: Member?
    /// Backends that this request has failed on, and how often it was repeated.
    var triedMembers: [Int] = []
    var repeats = 0
    var lastFailure: BackFailure?

    /// Parts of the request's body that cannot be sent yet.
    var heldRequest: [ByteBuffer] = []
    var heldRequestBytes = 0
    /// True once the head is judged and those who watch the body are known.
    var isWatched = false
    /// True once the whole request has come.
    var isRequestWhole = false
    var requestTrailers: FieldBlock?
    /// Copy of what was sent of the body, while the request may be repeated.
    var replay: [ByteBuffer]? = []
    var replayBytes = 0

    /// The backend's answer while guards look at it.
    var heldAnswer = ByteBuffer()
    var isAnswerWhole = false
    var answerTrailers: FieldBlock?

    var bytesIn = 0
    var bytesOut = 0
    var upstreamStatus = 0
    var forwardedAt: Int64 = 0
    var upstreamDuration: Int64 = 0
    var failure = ""
    private var isLogged = false

    /// When the wait that is going on is too long; monotonic nanoseconds, 0 for none.
    var deadline: Int64 = 0

    init(context: LoopContext, front: any FrontStream, exchange: Exchange, destination: Destination) {
        self.context = context
        self.front = front
        self.exchange = exchange
        self.destination = destination
    }

    /// Begins: asks the guards about the head, and goes on from there.
    func start() {
        destination.cluster?.retryBudget.deposit()
        GuardChain.requestHead(exchange).follow(by: self) { $0.headJudged($1) }
    }

    /// Ends the exchange with an answer of our own to something the wire refused.
    ///
    /// - Parameter bytes: what came, as far as guards may want to see it.
    func startRefused(_ error: WireError, bytes: ByteBuffer? = nil) {
        exchange.record(
            Decision(
                guardName: "wire", rule: error.code.rawValue, outcome: .refuse, mode: .enforce, reason: error.reason,
                severity: .medium, status: error.status))
        if let bytes { GuardChain.refusedBytes(exchange, bytes) }
        refuse(Problem(status: error.status), closing: true)
    }

    /// Sends an answer with a problem in place of whatever would come.
    func refuse(_ problem: Problem, fields: [(name: String, value: String)] = [], closing: Bool = false) {
        let answer = context.house.problems.write(problem, for: exchange)
        var all = fields
        for field in answer.fields {
            if let index = all.firstIndex(where: { $0.name == field.name }) {
                if field.name == "vary" { all[index].value += ", " + field.value }
            } else {
                all.append(field)
            }
        }
        respond(LocalAnswer(status: problem.status, fields: all, body: ByteBuffer(bytes: answer.body)), closing: closing)
    }

    /// Sends an answer of our own.
    func respond(_ answer: LocalAnswer, closing: Bool = false) {
        guard answerState == .none || answerState == .judging || answerState == .holding || answerState == .draining else {
            return breakOff("answer needed after the head was sent")
        }
        dropBack()
        exchange.origin = .gatehouse
        exchange.response = ResponseHead(status: answer.status)
        for field in answer.fields { exchange.response.fields.append(field.name, field.value) }
        if closing || !isRequestWhole { front.closeAfterAnswer() }
        sendWhole(answer.body)
    }

    /// Sends the head in `exchange.response` with a whole body, and ends.
    func sendWhole(_ body: ByteBuffer) {
        let hasBody = allowsBody
        sendHead(hasBody ? .length(body.readableBytes) : .none)
        if hasBody, body.readableBytes > 0 {
            bytesOut += body.readableBytes
            front.send(body)
        }
        finish(trailers: nil)
    }

    /// Lets the guards finish the head and sends it.
    func sendHead(_ body: OutgoingBody) {
        if !exchange.response.fields.contains(.date) { exchange.response.fields.append(contentsOf: context.dateLine) }
        GuardChain.finalHead(exchange)
        answerState = .sending
        front.send(exchange.response, body)
    }

    /// Ends the answer and the exchange.
    func finish(trailers: FieldBlock?) {
        guard answerState != .ended else { return }
        answerState = .ended
        deadline = 0
        front.end(trailers: trailers)
        dropBack()
        log()
        front.flush()
        front.exchangeEnded(takeRequest())
    }

    /// Ends an exchange that cannot be ended well: the client sees that the answer is not whole.
    func breakOff(_ reason: String) {
        guard answerState != .ended else { return }
        answerState = .ended
        deadline = 0
        if failure.isEmpty { failure = reason }
        dropBack()
        log()
        front.cut()
    }

    /// The client is gone.
    func frontClosed(_ reason: String) {
        guard answerState != .ended else { return }
        answerState = .ended
        deadline = 0
        failure = reason
        dropBack()
        log()
    }

    /// False for answers that have no body whatever their fields say (RFC 9110, section 6.4.1).
    var allowsBody: Bool {
        exchange.request.method != .head && exchange.response.status != 204 && exchange.response.status != 304
    }

    /// Lets go of the backend's stream, which is cancelled when it is not at its end.
    func dropBack() {
        lease?.cancel()
        lease = nil
        guard let back else { return }
        self.back = nil
        back.cancel()
        releaseMember()
    }

    /// The backend's request is no longer under way.
    func releaseMember() {
        guard let member else { return }
        member.activeRequests.wrappingDecrement(ordering: .relaxed)
        destination.cluster?.active.wrappingDecrement(ordering: .relaxed)
        self.member = nil
    }

    /// The name of the backend, kept for the log after it was let go.
    var upstreamName = ""

    private func takeRequest() -> RequestHead {
        var head = RequestHead()
        swap(&head, &exchange.request)
        return head
    }

    private func log() {
        guard !isLogged else { return }
        isLogged = true
        GuardChain.end(exchange)
        let duration = context.now - exchange.startedAt
        context.metrics.count(exchange.route, status: failure.isEmpty ? exchange.response.status : 499, duration: duration)
        context.services.events.emit(request: record(duration))
    }

    private func record(_ duration: Int64) -> RequestRecord {
        var record = RequestRecord(context: exchange.context, time: context.services.clock.wall)
        if exchange.request.pathLength < exchange.request.target.count { record.query = exchange.request.query ?? "" }
        record.protocolName = exchange.request.version.name
        record.status = exchange.response.status
        record.upstreamStatus = upstreamStatus
        record.upstream = upstreamName
        record.bytesIn = bytesIn
        record.bytesOut = bytesOut
        record.duration = duration
        record.upstreamDuration = upstreamDuration
        record.userAgent = exchange.request.fields[.userAgent] ?? ""
        record.tls = exchange.connection.tls?.version ?? ""
        record.failure = failure
        record.maskedBody = exchange.maskedBody
        return record
    }
}

extension GuardChain.Outcome {
    /// Hands the outcome on, when it is there, unless the exchange has ended meanwhile.
    func follow(by runner: ExchangeRunner, _ next: @escaping (ExchangeRunner, GuardChain.Outcome) -> Void) {
        guard case .wait(let future) = self else { return next(runner, self) }
        future.assumeIsolated().whenComplete { result in
            guard runner.answerState != .ended else { return }
            switch result {
            case .success(let outcome): next(runner, outcome)
            case .failure(let error): runner.breakOff("guard failed: \(error)")
            }
        }
    }
}
