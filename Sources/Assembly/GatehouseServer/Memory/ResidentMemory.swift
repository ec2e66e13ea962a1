internal import CMemory

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Gives memory back to the system that only starting and reloading needed.
enum ResidentMemory {
    /// After the start: free heap, and the pages of code that have run.
    ///
    /// Pages of code are files' pages: those that requests need come back from the page cache at their first use, the rest, which
    /// compiled patterns and read configuration, stays out.
    static func startIsOver() {
        freeHeap()
        dropCode()
    }

    /// After a reload: free heap.
    static func freeHeap() { gatehouse_trim_heap() }

    private static func dropCode() {
        guard let file = unsafe fopen("/proc/self/maps", "re") else { return }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 4096 + 128)
        while unsafe fgets(&line, Int32(line.count), file) != nil {
            let text = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            if let range = codeRange(String(decoding: text, as: UTF8.self)) { drop(range) }
        }
    }

    /// The addresses of a line of `/proc/self/maps`, where it is code of a file that nobody has written to.
    static func codeRange(_ line: String) -> Range<UInt>? {
        let parts = line.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count > 5, parts[1] == "r-xp", parts[5].hasPrefix("/") else { return nil }
        let ends = parts[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        guard ends.count == 2, ends[0] < ends[1] else { return nil }
        return ends[0]..<ends[1]
    }

    private static func drop(_ range: Range<UInt>) {
        guard let start = unsafe UnsafeMutableRawPointer(bitPattern: range.lowerBound) else { return }
        // read-only pages of a file: nothing is lost, and what runs meanwhile faults its page in again
        _ = unsafe madvise(start, range.count, MADV_DONTNEED)
    }
}
