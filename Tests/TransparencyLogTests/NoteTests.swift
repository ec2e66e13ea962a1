import Testing
import TransparencyLog

@Suite struct NoteTests {
    private func signer(_ kind: NoteKey.Kind = .log, name: String = "example.org/log", byte: UInt8 = 7) throws -> NoteSigner {
        try NoteSigner(name: name, kind: kind, seed: [UInt8](repeating: byte, count: 32))
    }

    private func note(size: UInt64, root: MerkleHash) throws -> SignedNote {
        let text = Checkpoint(origin: "example.org/log", size: size, root: root).text
        return SignedNote(text: text, signatures: [try signer().signature(of: text)])
    }

    /// The published example of the signed-note format.
    @Test func `a note signed elsewhere verifies`() throws {
        let key = try NoteKey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
        let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
        let signed =
            text + "\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
        try key.verify(SignedNote(Array(signed.utf8)))
        #expect(key.description == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
        let edited = signed.replacing("answer", with: "Answer")
        #expect(throws: LogError(.signature, "")) { try key.verify(SignedNote(Array(edited.utf8))) }
    }

    @Test func `a checkpoint comes back through its text`() throws {
        let note = try note(size: 9, root: .leaf([1]))
        let read = try SignedNote(note.bytes)
        #expect(read == note)
        let checkpoint = try Checkpoint(note: read, by: signer().key)
        #expect(checkpoint.size == 9 && checkpoint.root == .leaf([1]))
        #expect(throws: LogError(.signature, "")) { try Checkpoint(note: read, by: signer(byte: 8).key) }
    }

    @Test func `a witness refuses a fork and cosigns what grew`() throws {
        var tree = CompactTree()
        var nodes: [TreeNode: MerkleHash] = [:]
        var witness = Witness(of: try signer().key, signer: try signer(.witness, name: "witness.example", byte: 9))
        for index in UInt8(0)..<5 { for (node, hash) in tree.append(.leaf([index])) { nodes[node] = hash } }
        let first = try note(size: 5, root: tree.root)
        let signature = try witness.cosign(WitnessRequest(oldSize: 0, proof: [], checkpoint: first), time: 1_700_000_000)
        for index in UInt8(5)..<9 { for (node, hash) in tree.append(.leaf([index])) { nodes[node] = hash } }
        let proof = try MerkleProof.consistency(from: 5, to: 9) { try #require(nodes[$0]) }
        let second = try note(size: 9, root: tree.root)
        let request = WitnessRequest(oldSize: 5, proof: proof, checkpoint: second)
        #expect(try WitnessRequest(request.bytes) == request)
        let forked = WitnessRequest(oldSize: 5, proof: proof, checkpoint: try note(size: 9, root: .leaf([0])))
        #expect(throws: LogError(.fork, "")) { try witness.cosign(forked, time: 1_700_000_001) }
        _ = try witness.cosign(request, time: 1_700_000_002)
        let cosigned = SignedNote(text: first.text, signatures: first.signatures + [signature])
        #expect(try NoteKey(signer(.witness, name: "witness.example", byte: 9).key.description).verify(cosigned) == 1_700_000_000)
    }

    @Test(arguments: [
        "", "a\n", "a\n\n", "a\n\nb\n", "a\n\n\u{2014} b AAA\n", "a\n\n\u{2014} b AAAAAAAAAAA=\nx", "a\u{1}\n\n\u{2014} b AAAAAAAAAAA=\n",
    ])
    func `a note in another form is refused`(text: String) {
        #expect(throws: LogError(.malformed, "")) { try SignedNote(Array(text.utf8)) }
    }

    @Test func `no bytes trap a reader`() throws {
        var state: UInt64 = 5
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        let seeds = [
            try note(size: 3, root: .empty).bytes,
            Array(LogProof(index: 1, hashes: [.empty], checkpoint: try note(size: 3, root: .empty)).text.utf8),
            WitnessRequest(oldSize: 1, proof: [.empty], checkpoint: try note(size: 3, root: .empty)).bytes,
            Array(try signer().key.description.utf8),
        ]
        for round in 0..<4_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<(next() % 4) {
                let at = Int(next()) % bytes.count
                if next() % 3 == 0 { bytes.remove(at: at) } else { bytes[at] = UInt8(truncatingIfNeeded: next()) }
            }
            fuzzTransparencyLog(bytes)
        }
    }
}
