internal import GatehouseCore
internal import GatehouseGuards
internal import NIOCore

/// Looks at a form with files as it flows past.
final class UploadWatch: RequestBodyWatch {
    let guardName: String
    let mode: GuardMode
    private var scan: UploadScan
    private var isEmpty = true

    init(_ scan: UploadScan, guardName: String, mode: GuardMode) {
        self.scan = scan
        self.guardName = guardName
        self.mode = mode
    }

    func read(_ bytes: ByteBuffer) -> Refusal? {
        if bytes.readableBytes > 0 { isEmpty = false }
        return refusal { () throws(BodyFinding) in try scan.read(bytes.readableBytesView) }
    }

    /// A message without any bytes is no form and no fault of one.
    func end() -> Refusal? { isEmpty ? nil : refusal { () throws(BodyFinding) in try scan.end() } }

    private func refusal(_ step: () throws(BodyFinding) -> Void) -> Refusal? {
        do throws(BodyFinding) {
            try step()
            return nil
        } catch {
            return error.refusal
        }
    }
}
