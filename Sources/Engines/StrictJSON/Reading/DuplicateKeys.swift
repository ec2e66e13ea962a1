/// Index of the first key of a closed object that repeats an earlier one.
///
/// Small objects: a bitmap of hashes tells nearly always that a key is new. Large ones are sorted, so that keys made
/// to collide cost no more than others.
@unsafe
func duplicateKey(_ entries: UnsafePointer<JSONEntry>, _ object: Int, _ text: UnsafePointer<UInt8>) -> Int? {
    let count = unsafe Int(entries[object].length)
    if count > 32 { return unsafe duplicateKeyBySorting(entries, object, text) }
    var seen: UInt64 = 0
    var index = object + 1
    for _ in 0..<count {
        let bit: UInt64 = unsafe 1 << UInt64(entries[index].hash & 63)
        if seen & bit != 0, unsafe isRepeated(index, entries, object, text) { return index }
        seen |= bit
        index = unsafe keyAfter(index, entries)
    }
    return nil
}

/// Compares the key at `index` with all before it.
@unsafe
private func isRepeated(_ index: Int, _ entries: UnsafePointer<JSONEntry>, _ object: Int, _ text: UnsafePointer<UInt8>) -> Bool {
    var earlier = object + 1
    while earlier < index {
        if unsafe entries[earlier].hash == entries[index].hash, unsafe order(entries[earlier], entries[index], text) == 0 { return true }
        earlier = unsafe keyAfter(earlier, entries)
    }
    return false
}

@unsafe
private func duplicateKeyBySorting(_ entries: UnsafePointer<JSONEntry>, _ object: Int, _ text: UnsafePointer<UInt8>) -> Int? {
    var keys: [Int] = []
    keys.reserveCapacity(unsafe Int(entries[object].length))
    var index = object + 1
    for _ in 0..<(unsafe Int(entries[object].length)) {
        keys.append(index)
        index = unsafe keyAfter(index, entries)
    }
    keys.sort { a, b in
        let order = unsafe order(entries[a], entries[b], text)
        return order == 0 ? a < b : order < 0
    }
    var first: Int?
    for (a, b) in zip(keys, keys.dropFirst()) where unsafe order(entries[a], entries[b], text) == 0 {
        first = min(first ?? b, b)
    }
    return first
}

/// Orders keys by length, then bytes.
@unsafe
private func order(_ a: JSONEntry, _ b: JSONEntry, _ text: UnsafePointer<UInt8>) -> Int {
    if a.length != b.length { return a.length < b.length ? -1 : 1 }
    for offset in 0..<Int(a.length) {
        let (x, y) = unsafe (text[Int(a.link) + offset], text[Int(b.link) + offset])
        if x != y { return x < y ? -1 : 1 }
    }
    return 0
}

@unsafe
private func keyAfter(_ key: Int, _ entries: UnsafePointer<JSONEntry>) -> Int {
    let value = unsafe entries[key + 1]
    return value.isContainer ? Int(value.link) : key + 2
}
