import Foundation
import GatehouseAudit
import GatehouseServer
import Synchronization
import Testing
import TransparencyLog

@Suite struct WitnessTests {
    private static let witnessKey: NoteKey? = try? NoteSigner(
        name: "witness.example", kind: .witness, seed: [UInt8](repeating: 3, count: 32)
    ).key

    /// A witness over HTTP that knows some of the log already, as after a restart of the house.
    @Test func cosignsTheLogOfARunningHouse() async throws {
        let state = Mutex<(witness: Witness, log: NoteKey)?>(nil)
        let key = try #require(Self.witnessKey)
        let backend = try await ScriptedBackend { request, _ in
            guard request.hasPrefix("POST /w/add-checkpoint "), let body = request.range(of: "\r\n\r\n") else { return nil }
            do {
                let asked = try WitnessRequest(Array(request[body.upperBound...].utf8))
                return try state.withLock { state in
                    guard let (known, log) = state else { return answer("", status: "404 Not Found") }
                    var witness = known
                    guard asked.oldSize == witness.last?.size ?? 0 else {
                        return answer("\(witness.last?.size ?? 0)\n", status: "409 Conflict")
                    }
                    let signature = try witness.cosign(asked, time: 1_700_000_000)
                    state = (witness, log)
                    let line = SignedNote(text: "a\n", signatures: [signature]).bytes.dropFirst(3)
                    return answer(String(decoding: line, as: UTF8.self))
                }
            } catch {
                return answer("\(error)", status: "422 Unprocessable Content")
            }
        }
        let house = try await RunningHouse(
            upstreamPorts: [backend.port],
            more: "audit:\n  witnesses:\n    - {key: \(key), url: 'http://127.0.0.1:\(backend.port)/w', every: 1s}\n")
        let log = try #require(house.ground?.audit)
        let signer = try NoteSigner(name: "witness.example", kind: .witness, seed: [UInt8](repeating: 3, count: 32))
        let early = try Checkpoint(note: await log.checkpoint(), by: log.key)
        state.withLock { $0 = (Witness(of: log.key, signer: signer, last: early), log.key) }
        let reader = AuditReader(path: log.path + "/log", key: log.key)
        let deadline = ContinuousClock.now + .seconds(20)
        while (try? reader.verify(witnesses: [key])) == nil, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(50)) }
        _ = await house.stop()
        _ = try reader.verify(witnesses: [key])
    }
}
