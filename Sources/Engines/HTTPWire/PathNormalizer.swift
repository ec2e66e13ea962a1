/// The one reading of a path that routing and policies use (RFC 3986, section 6.2.2).
public enum PathNormalizer {
    /// The path with escapes of unreserved characters taken away, dot segments resolved and runs of slashes made one.
    ///
    /// Escaped slashes, backslashes and dots in front of slashes are read as a backend might read them, so that no spelling of a
    /// protected path escapes its route. Broken escapes stay as they are.
    public static func normalized(_ path: some Collection<UInt8>) -> [UInt8] {
        let bytes = Array(path)
        guard needsWork(bytes.span) else { return bytes }
        return resolveDots(decode(bytes))
    }

    /// False when the path is its own normal form, which is the usual case.
    public static func needsWork(_ path: Span<UInt8>) -> Bool {
        var previous: UInt8 = 0
        for index in 0..<path.count {
            let byte = path[index]
            switch byte {
            case ASCII.percent, ASCII.backslash, ASCII.semicolon: return true
            case ASCII.slash, ASCII.dot: if previous == ASCII.slash { return true }
            default: break
            }
            previous = byte
        }
        return false
    }

    private static func decode(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == ASCII.percent, index + 2 < bytes.count, let high = ASCII.hexValue(bytes[index + 1]),
                let low = ASCII.hexValue(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result.map { $0 == ASCII.backslash ? ASCII.slash : $0 }
    }

    private static func resolveDots(_ bytes: [UInt8]) -> [UInt8] {
        var kept: [ArraySlice<UInt8>] = []
        let segments = bytes.split(separator: ASCII.slash, omittingEmptySubsequences: true)
        for segment in segments {
            let name = segment.prefix { $0 != ASCII.semicolon }
            if name.elementsEqual(".".utf8) || name.isEmpty { continue }
            if name.elementsEqual("..".utf8) {
                _ = kept.popLast()
            } else {
                kept.append(name)
            }
        }
        let joined = kept.reduce(into: [UInt8]()) { $0 += [ASCII.slash] + $1 }
        let endsInSlash = bytes.last == ASCII.slash || segments.last.map { isDots($0) } ?? true
        return joined.isEmpty || endsInSlash ? joined + [ASCII.slash] : joined
    }

    private static func isDots(_ segment: ArraySlice<UInt8>) -> Bool {
        segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8)
    }
}
