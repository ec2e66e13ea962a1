import Foundation
import StrictJSON

/// Runs files of test vectors in the form of Wycheproof (`testGroups` with a `type`) or of NIST's ACVP for FF1.
///
/// A test marked `valid` passes when the algorithm accepts it and gives the stated output, `invalid` when it refuses,
/// `acceptable` either way. What Gatehouse does not offer is `unsupported`, with the reason, and never counted as passed.
public struct VectorRunner {
    /// Passed, failed and unsupported tests.
    public struct Count: Sendable, Hashable {
        /// Tests that went as the file says.
        public var passed = 0
        /// Tests that did not.
        public var failed = 0
        /// Tests of what is not offered.
        public var unsupported = 0
    }

    private let print: (String) -> Void

    /// - Parameter print: takes each line: `ID pass`, `ID fail REASON` or `ID unsupported REASON`, and a closing count.
    public init(print: @escaping (String) -> Void) { self.print = print }

    /// Runs a file.
    ///
    /// - Throws: ``JSONError`` for a file that is no JSON, Foundation's errors for one that cannot be read.
    public func run(file: String) throws -> Count {
        let root = try JSONDocument([UInt8](Data(contentsOf: URL(fileURLWithPath: file))), limits: .trusted).root
        var count = Count()
        let groups = root["testGroups"].map { Array($0.elements) } ?? [root]
        for group in groups {
            for test in group["tests"].map({ Array($0.elements) }) ?? [] {
                run(VectorCase(file: root, group: group, test: test), &count)
            }
        }
        print(
            "\(URL(fileURLWithPath: file).lastPathComponent): \(count.passed) passed, \(count.failed) failed, \(count.unsupported) unsupported"
        )
        return count
    }

    private func run(_ vector: VectorCase, _ count: inout Count) {
        switch vector.judged() {
        case .pass:
            count.passed += 1
            print("\(vector.id) pass")
        case .fail(let reason):
            count.failed += 1
            print("\(vector.id) fail \(reason)")
        case .unsupported(let reason):
            count.unsupported += 1
            print("\(vector.id) unsupported \(reason)")
        }
    }
}

/// How a test went.
enum VectorOutcome: Hashable {
    case pass
    case fail(String)
    case unsupported(String)
}

/// What an algorithm made of a test's input.
enum VectorVerdict: Hashable {
    /// The input was taken and gave the stated output.
    case accepted
    /// The input was refused.
    case refused
    /// The input was taken and gave another output.
    case wrong(String)
    /// Gatehouse has no such algorithm or parameters.
    case unsupported(String)

    static func output(_ actual: [UInt8], is expected: [UInt8]) -> VectorVerdict {
        actual == expected ? .accepted : .wrong("another output")
    }
}

/// One test with the group and file that it stands in.
struct VectorCase {
    let file: JSONNode
    let group: JSONNode
    let test: JSONNode

    var id: Int64 { test["tcId"]?.int64 ?? 0 }
    var algorithm: String { file["algorithm"]?.string ?? "" }
    /// The result that the file states; ACVP's tests are all valid.
    var isValid: Bool { test["result"]?.string == "valid" || test["result"] == nil }

    func judged() -> VectorOutcome {
        let verdict: VectorVerdict
        do { verdict = try self.verdict() } catch { verdict = .refused }
        switch (test["result"]?.string ?? "valid", verdict) {
        case (_, .unsupported(let reason)): return .unsupported(reason)
        case ("valid", .accepted), ("invalid", .refused), ("acceptable", .accepted), ("acceptable", .refused): return .pass
        case ("invalid", .wrong): return .pass
        case ("valid", .refused): return .fail("a valid input is refused")
        case (_, .wrong(let reason)): return .fail(reason)
        case ("invalid", .accepted): return .fail("an invalid input is accepted")
        case (let result, _): return .fail("unknown result `\(result)`")
        }
    }

    /// Hexadecimal bytes of the test, else the group, else the file; empty where nowhere.
    func bytes(_ key: String) -> [UInt8] { text(key).flatMap(Self.hexadecimal) ?? [] }

    /// A string of the test, else the group, else the file.
    func text(_ key: String) -> String? { (test[key] ?? group[key] ?? file[key])?.string }

    /// A number likewise.
    func int(_ key: String) -> Int? { (test[key] ?? group[key] ?? file[key])?.int64.map(Int.init) }

    static func hexadecimal(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count % 2 == 0 else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digit(digits[index]), let low = digit(digits[index + 1]) else { return nil }
            result.append(high << 4 | low)
        }
        return result
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Base64url without padding, as JSON Web Keys have it.
    static func base64URL(_ text: String) -> [UInt8]? {
        guard !text.contains(where: { "+/=".contains($0) }) else { return nil }
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: standard + String(repeating: "=", count: (4 - standard.count % 4) % 4)).map { [UInt8]($0) }
    }

    /// The DER inside a PEM block.
    static func pem(_ text: String) -> [UInt8]? {
        Data(base64Encoded: text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-") }.joined()).map { [UInt8]($0) }
    }
}
