#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A part of the counters of one limit: a fixed number of buckets of fifteen keys and one shared cell, 256 bytes each.
///
/// The memory is the kernel's zero pages until a bucket is used. A counter whose TAT has passed says nothing and makes room
/// first; then the one that is nearest to fresh. A new key that finds only counters that are further from fresh than itself is
/// counted in the bucket's shared cell, so an exhausted key is never forgotten for a fresh one, and a flood of keys cannot buy
/// itself out of the limit. What is forgotten of a key is at most one request.
@safe struct CounterTable: ~Copyable {
    private let cells: UnsafeMutablePointer<Cell>
    private let buckets: Int

    private struct Cell {
        /// The key's hash; 0 for an unused cell and for the shared one.
        var hash: UInt64
        var tat: Int64
    }

    private static let width = 16
    private static let shared = 15

    /// A table for about this many keys; a third more cells are there, since buckets fill unevenly.
    init(capacity: Int) {
        buckets = max(1, (capacity * 4 / 3 + Self.shared - 1) / Self.shared)
        let size = buckets * Self.width * MemoryLayout<Cell>.stride
        let memory = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
            preconditionFailure("no memory for \(capacity) rate limit counters")
        }
        // one key must not make 2 MiB resident
        _ = unsafe madvise(memory, size, MADV_NOHUGEPAGE)
        unsafe cells = memory.bindMemory(to: Cell.self, capacity: buckets * Self.width)
    }

    deinit { unsafe munmap(cells, byteCount) }

    /// Bytes that the table takes at most.
    var byteCount: Int { buckets * Self.width * MemoryLayout<Cell>.stride }

    /// Counts one request, if the counter has room.
    mutating func take(_ demand: CounterDemand, now: Int64) -> CounterState {
        let cell = place(of: demand.key.hash, newTAT: now + demand.interval, now: now)
        let tat = max(unsafe cells[cell].tat, now) + demand.interval
        guard tat - now <= demand.interval * demand.burst else {
            return CounterState(tat: tat - demand.interval, demand: demand, now: now, refused: true)
        }
        unsafe cells[cell].tat = tat
        return CounterState(tat: tat, demand: demand, now: now, refused: false)
    }

    /// Takes back what `take` has counted.
    mutating func giveBack(_ demand: CounterDemand) {
        let first = bucket(of: demand.key.hash)
        for way in 0..<Self.shared where unsafe cells[first + way].hash == demand.key.hash {
            unsafe cells[first + way].tat -= demand.interval
            return
        }
        unsafe cells[first + Self.shared].tat -= demand.interval
    }

    /// The cell of a key: its own, or one that it may have, or the shared one.
    private mutating func place(of hash: UInt64, newTAT: Int64, now: Int64) -> Int {
        let first = bucket(of: hash)
        var victim = first
        var oldest = Int64.max
        for way in 0..<Self.shared {
            let cell = unsafe cells[first + way]
            if cell.hash == hash { return first + way }
            if cell.tat < oldest {
                oldest = cell.tat
                victim = first + way
            }
        }
        guard oldest <= newTAT else { return first + Self.shared }
        // what the shared cell has counted of this key is not known, so the key starts with all of it
        let shared = unsafe cells[first + Self.shared].tat
        unsafe cells[victim] = Cell(hash: hash, tat: shared > now ? shared : 0)
        return victim
    }

    private func bucket(of hash: UInt64) -> Int {
        Int(hash.multipliedFullWidth(by: UInt64(buckets)).high) * Self.width
    }
}
