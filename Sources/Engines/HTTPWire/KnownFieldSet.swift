/// A set of known field names, one bit each; tests and unions cost one instruction.
public struct KnownFieldSet: Sendable, Hashable, ExpressibleByArrayLiteral {
    /// Bit n stands for the field whose raw value is n.
    var bits: UInt128

    init(bits: UInt128) { self.bits = bits & ~1 }

    /// A set of these fields.
    public init(_ fields: some Sequence<KnownField>) {
        bits = fields.reduce(0) { $0 | 1 << UInt128($1.rawValue) }
    }

    /// A set of these fields.
    public init(arrayLiteral fields: KnownField...) { self.init(fields) }

    /// True when there is none in it.
    public var isEmpty: Bool { bits == 0 }

    /// True when the field is in the set.
    @inline(__always)
    public func contains(_ field: KnownField) -> Bool { containsRaw(field.rawValue) }

    /// True when no field is in both sets.
    @inline(__always)
    public func isDisjoint(with other: KnownFieldSet) -> Bool { bits & other.bits == 0 }

    /// The fields of both sets.
    @inline(__always)
    public func union(_ other: KnownFieldSet) -> KnownFieldSet { KnownFieldSet(bits: bits | other.bits) }

    /// Puts a field in.
    @inline(__always)
    public mutating func insert(_ field: KnownField) { bits |= 1 << UInt128(field.rawValue) }

    /// Takes a field out.
    @inline(__always)
    public mutating func remove(_ field: KnownField) { bits &= ~(1 << UInt128(field.rawValue)) }

    @inline(__always)
    func containsRaw(_ known: UInt8) -> Bool { bits & (1 << UInt128(known)) != 0 }
}

/// Field names of any kind, compiled for a quick "is this line one of them".
///
/// Known names cost a bit test; others are hashed only when a name of that length is in the set.
public struct FieldNameSet: Sendable {
    /// The names that are known fields.
    public let known: KnownFieldSet
    private let lengths: UInt128
    private let table: [UInt16]
    private let names: [[UInt8]]
    private let mask: Int

    /// A set of names, which are taken in lower case.
    public init(_ list: some Sequence<String>) {
        var known = KnownFieldSet()
        var others: [[UInt8]] = []
        for name in list {
            let bytes = Array(name.lowercased().utf8)
            if let field = KnownField.find(bytes.span) { known.insert(field) } else if !others.contains(bytes) { others.append(bytes) }
        }
        self.known = known
        names = others
        lengths = others.reduce(0) { $0 | 1 << UInt128(min($1.count, 127)) }
        var size = 8
        while size < others.count * 3 { size *= 2 }
        mask = size - 1
        var table = [UInt16](repeating: 0, count: size)
        for (index, name) in others.enumerated() {
            var slot = Self.hash(name[...]) & mask
            while table[slot] != 0 { slot = (slot + 1) & mask }
            table[slot] = UInt16(index + 1)
        }
        self.table = table
    }

    /// True when there is nothing in it.
    public var isEmpty: Bool { known.isEmpty && names.isEmpty }

    /// True when this lower-case name, which is no known field, is in the set.
    public func containsOther(_ name: ArraySlice<UInt8>) -> Bool {
        guard lengths & (1 << UInt128(min(name.count, 127))) != 0 else { return false }
        var slot = Self.hash(name) & mask
        while table[slot] != 0 {
            if names[Int(table[slot]) - 1][...] == name { return true }
            slot = (slot + 1) & mask
        }
        return false
    }

    private static func hash(_ name: ArraySlice<UInt8>) -> Int {
        var hash: UInt32 = 2_166_136_261
        for byte in name { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return Int(hash >> 3)
    }
}

extension FieldBlock {
    /// The known names that have a line.
    public var knownFields: KnownFieldSet {
        var bits: UInt128 = 0
        for line in lines { bits |= 1 << UInt128(line.known) }
        return KnownFieldSet(bits: bits)
    }

    /// True when a line has a name that is no known field.
    public func isOther(at index: Int) -> Bool { lines[index].known == 0 }

    /// Removes every line whose name is in a set, in one pass and in place.
    ///
    /// - Returns: the known names that still have a line.
    @discardableResult
    public mutating func removeAll(in set: FieldNameSet) -> KnownFieldSet {
        var remaining: UInt128 = 0
        var kept = 0
        for index in lines.indices {
            let line = lines[index]
            let isUnwanted = line.known != 0 ? set.known.containsRaw(line.known) : set.containsOther(bytes[line.name])
            guard !isUnwanted else { continue }
            remaining |= 1 << UInt128(line.known)
            if kept != index { lines[kept] = line }
            kept += 1
        }
        if kept < lines.count { lines.removeLast(lines.count - kept) }
        return KnownFieldSet(bits: remaining)
    }

    /// Removes every line of the known names in a set, in place.
    public mutating func removeAll(_ set: KnownFieldSet) {
        var kept = 0
        for index in lines.indices {
            let line = lines[index]
            guard !set.containsRaw(line.known) else { continue }
            if kept != index { lines[kept] = line }
            kept += 1
        }
        if kept < lines.count { lines.removeLast(lines.count - kept) }
    }

    /// Adds every line of another block with one copy of its bytes.
    public mutating func append(contentsOf other: FieldBlock) {
        let offset = UInt32(bytes.count)
        bytes.append(contentsOf: other.bytes)
        lines.reserveCapacity(lines.count + other.lines.count)
        for line in other.lines {
            var line = line
            line.start += offset
            lines.append(line)
        }
    }
}
