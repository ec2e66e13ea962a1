internal import CVectorscan
internal import Synchronization

/// Looks for all leak signatures in one pass.
///
/// The compiled patterns are shared by all guards and threads; scanning takes scratch memory from a pool.
@safe final class LeakScanner: @unchecked Sendable {
    // unchecked: the database is never written after init, and each scratch is used by one thread at a time
    private let database: OpaquePointer
    private let prototype: OpaquePointer
    private let spare = Mutex<[Scratch]>([])
    private let owners: [Int]

    /// Scratch memory on its way through the pool.
    @safe private struct Scratch: @unchecked Sendable {
        // unchecked: handed to one thread at a time by the pool
        let pointer: OpaquePointer
    }

    /// The scanner of ``LeakSignature/all``; `nil` where the processor cannot run it.
    static let standard = LeakScanner(LeakSignature.all)

    /// Compiles the patterns of signatures. `nil` when they cannot be compiled here.
    init?(_ signatures: [LeakSignature]) {
        let patterns = signatures.enumerated().flatMap { index, signature in signature.patterns.map { (index, $0) } }
        owners = patterns.map(\.0)
        guard let database = unsafe Self.compile(patterns.map(\.1)) else { return nil }
        unsafe self.database = database
        var scratch: OpaquePointer?
        guard unsafe hs_alloc_scratch(database, &scratch) == HS_SUCCESS, let scratch = unsafe scratch else {
            unsafe hs_free_database(database)
            return nil
        }
        unsafe prototype = scratch
    }

    deinit {
        for scratch in spare.withLock({ $0 }) { unsafe hs_free_scratch(scratch.pointer) }
        unsafe hs_free_scratch(prototype)
        unsafe hs_free_database(database)
    }

    /// Indices of the signatures that occur in a text, in order.
    func matches(in text: [UInt8]) -> [Int] {
        guard let scratch = takeScratch() else { return [] }
        defer { spare.withLock { $0.append(scratch) } }
        var found = Set<UInt32>()
        unsafe withUnsafeMutablePointer(to: &found) { found in
            unsafe text.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                _ = unsafe hs_scan(
                    database, start.assumingMemoryBound(to: CChar.self), UInt32(bytes.count), 0, scratch.pointer,
                    { id, _, _, _, context in
                        unsafe context?.assumingMemoryBound(to: Set<UInt32>.self).pointee.insert(id)
                        return 0
                    }, found)
            }
        }
        return Set(found.map { owners[Int($0)] }).sorted()
    }

    private func takeScratch() -> Scratch? {
        if let scratch = spare.withLock({ $0.popLast() }) { return scratch }
        var copy: OpaquePointer?
        guard unsafe hs_clone_scratch(prototype, &copy) == HS_SUCCESS, let copy = unsafe copy else { return nil }
        return unsafe Scratch(pointer: copy)
    }

    private static func compile(_ patterns: [String]) -> OpaquePointer? {
        let flags = UInt32(HS_FLAG_SINGLEMATCH) | UInt32(HS_FLAG_MULTILINE)
        let texts = unsafe patterns.map { unsafe strdup($0) }
        defer { unsafe texts.forEach { unsafe free($0) } }
        let expressions = unsafe texts.map { unsafe UnsafePointer($0) }
        let allFlags = [UInt32](repeating: flags, count: patterns.count)
        let ids = (0..<UInt32(patterns.count)).map { $0 }
        var database: OpaquePointer?
        var fault: UnsafeMutablePointer<hs_compile_error_t>?
        let status = unsafe hs_compile_multi(
            expressions, allFlags, ids, UInt32(patterns.count), UInt32(HS_MODE_BLOCK), nil, &database, &fault)
        if let fault = unsafe fault { unsafe hs_free_compile_error(fault) }
        return unsafe status == HS_SUCCESS ? database : nil
    }
}

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
