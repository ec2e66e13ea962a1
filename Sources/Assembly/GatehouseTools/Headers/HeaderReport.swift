internal import HeaderGrade
internal import NIOPosix
internal import NIOSSL
internal import StrictJSON

/// Grades the headers of a site and says how to mend them: what `gatehouse headers grade` does.
public struct HeaderReport: Sendable {
    /// Why a site was not graded.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        /// One clause.
        public let description: String
    }

    private let address: GradedURL
    private let grade: HeaderGrade

    /// Asks a site and grades it.
    ///
    /// - Parameters:
    ///   - text: its address; without a scheme, https.
    ///   - authorities: a file of PEM certificates to trust in place of the system's; `nil`: the system's.
    ///   - time: seconds since 1970.
    /// - Throws: ``Failure`` for an address that cannot be read, a file that holds no certificates, or a site that does not answer.
    public init(of text: String, authorities: String? = nil, time: Int64) async throws {
        guard let address = GradedURL(text.contains("://") ? text : "https://" + text) else {
            throw Failure(description: "`\(text)` is no http or https address")
        }
        let trusted = try authorities.map(Self.certificates) ?? []
        let fetcher = HTTPFetcher(group: MultiThreadedEventLoopGroup.singleton, authorities: trusted)
        let capture = await SiteFetcher(fetcher).capture(address, time: time)
        guard capture.https != nil || capture.http != nil else { throw Failure(description: "nothing answers at `\(address)`") }
        self.address = address
        grade = HeaderGrade(capture)
    }

    /// The score, from 0.
    public var score: Int { grade.score }

    /// A table for people: points, test, why; below each that can be better, the line that mends it.
    public var table: String {
        var lines = ["\(address)", "score \(grade.score), grade \(grade.grade) (Mozilla HTTP Observatory scoring, algorithm 6)", ""]
        for test in grade.tests {
            let points = test.points > 0 ? "+\(test.points)" : "\(test.points)"
            lines.append("\(Self.padded(points, 4, leading: true))  \(Self.padded(test.name.rawValue, 29))  \(test.why)")
            if !test.remedy.isEmpty { lines.append("      \(Self.padded("", 29))  -> \(test.remedy)") }
        }
        lines.append("")
        lines.append("points above 0 count only where penalties leave 90 or more; the preload list is not looked up")
        return lines.joined(separator: "\n") + "\n"
    }

    /// The same as a JSON object.
    public var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("url")
        writer.write(address.description)
        writer.key("algorithm")
        writer.write(6)
        writer.key("score")
        writer.write(grade.score)
        writer.key("grade")
        writer.write(grade.grade)
        writer.key("tests")
        writer.beginArray()
        for test in grade.tests {
            writer.beginObject()
            writer.key("test")
            writer.write(test.name.rawValue)
            writer.key("result")
            writer.write(test.result.rawValue)
            writer.key("points")
            writer.write(test.points)
            writer.key("why")
            writer.write(test.why)
            writer.key("remedy")
            writer.write(test.remedy)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }

    private static func certificates(_ file: String) throws -> [NIOSSLCertificate] {
        guard let found = try? NIOSSLCertificate.fromPEMFile(file), !found.isEmpty else {
            throw Failure(description: "`\(file)` holds no PEM certificates")
        }
        return found
    }

    private static func padded(_ text: String, _ width: Int, leading: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(0, width - text.count))
        return leading ? blanks + text : text + blanks
    }
}
