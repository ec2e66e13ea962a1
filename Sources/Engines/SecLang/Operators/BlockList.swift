/// `@rbl zone`: a DNS block list knows the address.
///
/// Off unless the transaction's environment brings a resolver: a look-up that waits for the network has no place in a request's path.
struct BlockList: Operator {
    private let zone: String

    init(_ argument: String, _ context: CompileContext) throws(Complaint) {
        guard !argument.isEmpty else { throw Complaint("the block list's zone is missing") }
        zone = argument
        context.usesBlockList = true
    }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        guard let resolve = run.transaction.environment.blockList, let address = Address(value.text), address.bytes.count == 4 else {
            return .noMatch
        }
        let name = address.bytes.reversed().map(String.init).joined(separator: ".") + "." + zone
        guard resolve(name) else { return .noMatch }
        run.note(value)
        return .match
    }
}
