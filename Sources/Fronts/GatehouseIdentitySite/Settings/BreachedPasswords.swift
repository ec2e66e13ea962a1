internal import Crypto
internal import Foundation
internal import Passwords

/// Lists of breached passwords in files.
public enum BreachedPasswords {
    /// What a Bloom filter's file begins with.
    static let magic = Array("gatehouse-bloom1".utf8)

    /// The list of a file: a Bloom filter, or digests in order.
    ///
    /// - Throws: where it is neither.
    static func list(_ path: String) throws -> any PasswordBlocklist {
        let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        if data.starts(with: magic) {
            guard let filter = BloomBlocklist(bytes: [UInt8](data.dropFirst(magic.count))) else {
                throw IdentityFailure(reason: "the bloom filter `\(path)` is cut off")
            }
            return filter
        }
        guard let list = DigestList(data) else {
            throw IdentityFailure(reason: "`\(path)` is neither a bloom filter nor a file of SHA-1 digests in order, one a line")
        }
        return list
    }

    /// Makes a Bloom filter of a file of digests, a tenth of its size.
    ///
    /// - Returns: how many digests it holds.
    public static func makeFilter(of path: String, into output: String) throws -> Int {
        let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        let lines = data.count / 42
        var filter = BloomBlocklist(capacity: max(1000, lines))
        var count = 0
        for line in data.split(separator: 0x0A) {
            guard let digest = DigestList.digest(line) else { continue }
            filter.insert(digest: digest)
            count += 1
        }
        try Data(magic + filter.bytes).write(to: URL(fileURLWithPath: output), options: .atomic)
        return count
    }
}

/// SHA-1 digests in order, one a line, as `DIGEST` or `DIGEST:COUNT`: found by halving, without reading the file.
struct DigestList: PasswordBlocklist {
    private let data: Data

    /// nil where the first line is no digest.
    init?(_ data: Data) {
        guard Self.digest(data.prefix { $0 != 0x0A }) != nil else { return nil }
        self.data = data
    }

    func contains(_ password: String) -> Bool {
        let wanted = [UInt8](Insecure.SHA1.hash(data: PasswordText.normalized(password)))
        var (low, high) = (data.startIndex, data.endIndex)
        while low < high {
            let start = lineStart((low + high) / 2, from: low)
            let end = data[start..<high].firstIndex(of: 0x0A) ?? high
            guard let digest = Self.digest(data[start..<end]) else { return false }
            if digest == wanted { return true }
            if digest.lexicographicallyPrecedes(wanted) { low = min(end + 1, high) } else { high = start }
        }
        return false
    }

    private func lineStart(_ place: Int, from low: Int) -> Int {
        var start = place
        while start > low, data[start - 1] != 0x0A { start -= 1 }
        return start
    }

    /// The digest of a line; nil where there is none.
    static func digest(_ line: Data) -> [UInt8]? {
        let digits = line.prefix(40)
        guard digits.count == 40, line.count == 40 || line[line.startIndex + 40] == 0x3A || line[line.startIndex + 40] == 0x0D else {
            return nil
        }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            guard let value = UInt8(String(UnicodeScalar(digit)), radix: 16) else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}
