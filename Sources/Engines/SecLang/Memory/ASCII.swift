@inline(__always)
func asciiLower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

@inline(__always)
func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }

@inline(__always)
func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

/// White space as C's `isspace` has it: space, tab, line feed, vertical tab, form feed, carriage return.
@inline(__always)
func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte &- 9 < 5 }

@inline(__always)
func isOctal(_ byte: UInt8) -> Bool { byte & 0xf8 == 0x30 }

/// The value of a hexadecimal digit, nil for any other byte.
@inline(__always)
func hexValue(_ byte: UInt8) -> UInt8? {
    if isDigit(byte) { return byte &- 48 }
    let lower = byte | 0x20
    return lower &- 97 < 6 ? lower &- 87 : nil
}

/// The byte that two hexadecimal digits spell, nil where either is none.
@inline(__always)
func hexPair(_ high: UInt8, _ low: UInt8) -> UInt8? {
    guard let top = hexValue(high), let bottom = hexValue(low) else { return nil }
    return top << 4 | bottom
}

let lowerHexDigits: [UInt8] = Array("0123456789abcdef".utf8)

/// U+00A0 in Latin-1, which the language counts as white space in some transformations.
let noBreakSpace: UInt8 = 0xa0
