/// `pause:milliseconds`: how long to wait before the answer; the caller has to do the waiting.
enum PauseAction: ActionKeyword {
    static let name = "pause"

    static func read(_ parameter: String, into list: inout ActionList, _ context: CompileContext) throws(Complaint) {
        list.pause = try number(parameter, in: 0...60_000)
    }
}
