import ConformanceSupport
import Foundation
import Testing
import TransparencyLog

@Suite struct ProofTests {
    static let vectors = ConformanceSuite("tlog-vectors")

    private struct Vector: Decodable {
        var leafIdx: UInt64?
        var treeSize: UInt64?
        var root: Data?
        var leafHash: Data?
        var size1: UInt64?
        var size2: UInt64?
        var root1: Data?
        var root2: Data?
        var proof: [Data]?
        var desc: String
        var wantErr: Bool

        func isAccepted() -> Bool {
            do {
                if let leafHash {
                    try MerkleProof.verifyInclusion(
                        of: MerkleHash(bytes: leafHash), at: leafIdx ?? 0, size: treeSize ?? 0, root: MerkleHash(bytes: root ?? Data()),
                        proof: (proof ?? []).map { try MerkleHash(bytes: $0) })
                } else if size1 != nil || size2 != nil || root1 != nil {
                    try MerkleProof.verifyConsistency(
                        oldSize: size1 ?? 0, oldRoot: Array(root1 ?? Data()), newSize: size2 ?? 0, newRoot: Array(root2 ?? Data()),
                        proof: (proof ?? []).map { Array($0) })
                } else {
                    return false
                }
                return true
            } catch {
                return false
            }
        }
    }

    @Test(.enabled(if: ProofTests.vectors.isPresent))
    func `the published proofs are accepted and refused as they should be`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tlog-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/tar")
        process.arguments = ["xzf", Self.vectors.folder.appendingPathComponent("merkle-vectors.tar.gz").path, "-C", folder.path]
        try process.run()
        process.waitUntilExit()
        var (passed, failed) = (0, [String]())
        for case let file as URL in FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) ?? .init()
        where file.pathExtension == "json" {
            let vector = try JSONDecoder().decode(Vector.self, from: Data(contentsOf: file))
            if vector.isAccepted() == !vector.wantErr { passed += 1 } else { failed.append(file.path) }
        }
        Self.vectors.report(passed: passed, failed: failed)
        #expect(failed.isEmpty)
        #expect(passed >= 196)
    }

    @Test func `every proof of every tree up to 70 leaves holds, and no other root does`() throws {
        let leaves = (0..<70).map { MerkleHash.leaf([UInt8($0)]) }
        var tree = CompactTree()
        var nodes: [TreeNode: MerkleHash] = [:]
        var roots = [MerkleHash.empty]
        for leaf in leaves {
            for (node, hash) in tree.append(leaf) { nodes[node] = hash }
            roots.append(tree.root)
        }
        let hash = { (node: TreeNode) in try #require(nodes[node]) }
        for size in UInt64(1)...70 {
            for index in 0..<size {
                let proof = try MerkleProof.inclusion(of: index, size: size, hash: hash)
                try MerkleProof.verifyInclusion(of: leaves[Int(index)], at: index, size: size, root: roots[Int(size)], proof: proof)
                #expect(throws: LogError.self) {
                    try MerkleProof.verifyInclusion(of: leaves[Int(index)], at: index, size: size, root: roots[Int(size) - 1], proof: proof)
                }
            }
            for old in 1...size {
                let proof = try MerkleProof.consistency(from: old, to: size, hash: hash)
                try MerkleProof.verifyConsistency(
                    oldSize: old, oldRoot: roots[Int(old)], newSize: size, newRoot: roots[Int(size)], proof: proof)
                #expect(throws: LogError.self) {
                    try MerkleProof.verifyConsistency(
                        oldSize: old, oldRoot: roots[Int(old) - 1], newSize: size, newRoot: roots[Int(size)], proof: proof)
                }
            }
        }
    }

    @Test func `paths are those of the specification`() {
        #expect(Tile(.hashes(level: 0), index: 1_234_067).path == "tile/0/x001/x234/067")
        #expect(Tile(.entries, index: 0, width: 8).path == "tile/entries/000.p/8")
        #expect(Tile(.hashes(level: 1), index: 5).path == "tile/1/005")
        #expect(Tile.all(size: 70_000).filter { $0.content == .hashes(level: 2) } == [Tile(.hashes(level: 2), index: 0, width: 1)])
    }
}
