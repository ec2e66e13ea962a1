internal import CMemory

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Gives memory back to the system that only starting and reloading needed.
enum ResidentMemory {
    /// After the start: free heap, and pages of programs and libraries that were read and never written.
    ///
    /// What requests need of these comes back from the page cache at its first use; the rest, which linked the program, compiled
    /// patterns and read configuration, stays out.
    static func startIsOver() {
        freeHeap()
        dropCleanPages()
    }

    /// After a reload: free heap.
    static func freeHeap() { gatehouse_trim_heap() }

    private static func dropCleanPages() {
        guard let file = unsafe fopen("/proc/self/smaps", "re") else { return }
        defer { unsafe fclose(file) }
        var mappings = CleanMappings()
        var line = [CChar](repeating: 0, count: 4096 + 128)
        while unsafe fgets(&line, Int32(line.count), file) != nil {
            let text = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            if let range = mappings.take(String(decoding: text, as: UTF8.self)) { drop(range) }
        }
    }

    private static func drop(_ range: Range<UInt>) {
        guard let start = unsafe UnsafeMutableRawPointer(bitPattern: range.lowerBound) else { return }
        // read-only pages of a file: nothing is lost, and what runs meanwhile faults its page in again
        _ = unsafe madvise(start, range.count, MADV_DONTNEED)
    }
}

/// Finds, in the lines of `/proc/self/smaps`, the read-only mappings of files of which no page was ever written.
///
/// Pages that the linker has written before it took the right to write away are private memory and show under `Anonymous`: such a
/// mapping is left alone.
struct CleanMappings {
    private var candidate: Range<UInt>?

    /// Reads on.
    ///
    /// - Returns: a mapping's addresses, with the line that proves it clean.
    mutating func take(_ line: String) -> Range<UInt>? {
        let parts = line.split(whereSeparator: \.isWhitespace)
        guard let first = parts.first else { return nil }
        guard first.hasSuffix(":") else {
            candidate = Self.range(parts)
            return nil
        }
        guard first == "Anonymous:" else { return nil }
        defer { candidate = nil }
        return parts.count > 1 && parts[1] == "0" ? candidate : nil
    }

    private static func range(_ parts: [Substring]) -> Range<UInt>? {
        guard parts.count > 5, parts[1] == "r-xp" || parts[1] == "r--p", parts[5].hasPrefix("/") else { return nil }
        let ends = parts[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        guard ends.count == 2, ends[0] < ends[1] else { return nil }
        return ends[0]..<ends[1]
    }
}
