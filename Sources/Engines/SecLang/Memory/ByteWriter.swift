/// Writes bytes, one after the other, into room that was set aside for them.
///
/// Limit: writing beyond the room is a programming error and stops the program.
@safe
struct ByteWriter {
    private let target: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    private(set) var count = 0

    init(_ target: UnsafeMutablePointer<UInt8>, capacity: Int) {
        unsafe self.target = target
        self.capacity = capacity
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        precondition(count < capacity)
        unsafe target[count] = byte
        count += 1
    }

    mutating func append(_ slice: Slice) {
        precondition(slice.count <= capacity - count)
        unsafe (target + count).update(from: slice.base, count: slice.count)
        count += slice.count
    }

    mutating func append(_ literal: StaticString) {
        for index in 0..<literal.utf8CodeUnitCount { unsafe append(literal.utf8Start[index]) }
    }

    mutating func append(decimal number: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        let magnitude = number.magnitude
        var divisor: UInt = 1
        while magnitude / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(48 + magnitude / divisor % 10))
            divisor /= 10
        }
    }

    /// What was written at `index`.
    subscript(index: Int) -> UInt8 {
        get {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            return unsafe target[index]
        }
        set {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            unsafe target[index] = newValue
        }
    }

    /// Takes back everything after the first `length` bytes.
    mutating func truncate(to length: Int) { count = min(count, length) }
}
