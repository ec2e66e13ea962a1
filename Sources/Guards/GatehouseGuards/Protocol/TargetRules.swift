internal import GatehouseConfiguration
internal import HTTPWire

/// Rules for the request target: nothing in it may be read as another path by whoever decodes, normalizes or cuts it differently.
struct TargetRules: Sendable {
    let allowsEncodedSlashes: Bool

    /// Checks path and query.
    ///
    /// - Returns: true when the path has empty segments.
    /// - Throws: the first rule that is broken.
    func check(_ request: RequestHead) throws(ProtocolFinding) -> Bool {
        let target = request.target
        let path = request.pathLength
        guard target.first == 0x2F else { return false }
        var hasEmpty = false
        var hasHigh = false
        var index = 0
        while index < path {
            switch target[index] {
            case 0x2F:
                if index + 1 < path, target[index + 1] == 0x2F { hasEmpty = true }
                try checkSegment(target[(index + 1)..<path])
            case 0x25:
                let byte = try escape(target, index, end: path)
                try checkEscaped(byte, target, index, end: path)
                if byte >= 0x80 { hasHigh = true }
                index += 2
            case 0x5C: throw ProtocolFinding(.backslash, "backslash in the path")
            case 0x80...: hasHigh = true
            default: break
            }
            index += 1
        }
        if hasHigh { try checkUTF8(decoded(target[..<path]), isPath: true) }
        try checkQuery(target, from: path)
        return hasEmpty
    }

    /// The path with runs of slashes made one.
    static func merged(_ request: RequestHead) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(request.target.count)
        for byte in request.pathBytes where byte != 0x2F || result.last != 0x2F { result.append(byte) }
        return result + request.target[request.pathLength...]
    }

    private func checkQuery(_ target: [UInt8], from start: Int) throws(ProtocolFinding) {
        var index = start
        var hasHigh = false
        while index < target.count {
            if target[index] == 0x25 {
                let byte = try escape(target, index, end: target.count)
                guard byte != 0 else { throw ProtocolFinding(.encodedNul, "escaped nul in the query") }
                if byte >= 0x80 { hasHigh = true }
                index += 2
            }
            index += 1
        }
        if hasHigh { try checkUTF8(decoded(target[start...]), isPath: false) }
    }

    /// Refuses a segment that is `.` or `..` once it is decoded and its parameters are cut.
    private func checkSegment(_ rest: ArraySlice<UInt8>) throws(ProtocolFinding) {
        guard let first = rest.first, first == 0x2E || first == 0x25 else { return }
        var dots = 0
        var isEncoded = false
        var index = rest.startIndex
        while index < rest.endIndex {
            if rest[index] == 0x2E {
                index += 1
            } else if rest[index] == 0x25, index + 2 < rest.endIndex, rest[index + 1] == 0x32, rest[index + 2] | 0x20 == 0x65 {
                isEncoded = true
                index += 3
            } else {
                break
            }
            dots += 1
        }
        guard dots == 1 || dots == 2, endsSegment(rest[index...]) else { return }
        throw isEncoded
            ? ProtocolFinding(.encodedDotSegment, "escaped dot segment in the path")
            : ProtocolFinding(.dotSegment, "dot segment in the path")
    }

    /// True at a slash, a path parameter, either of them escaped, a blank or dot that Windows cuts, and at the end.
    private func endsSegment(_ rest: ArraySlice<UInt8>) -> Bool {
        guard let first = rest.first else { return true }
        if first == 0x2F || first == 0x3B || first == 0x5C { return true }
        guard first == 0x25, rest.count >= 3 else { return false }
        let (high, low) = (rest[rest.startIndex + 1], rest[rest.startIndex + 2] | 0x20)
        return (high == 0x32 && (low == 0x66 || rest[rest.startIndex + 2] == 0x30)) || (high == 0x35 && low == 0x63)
            || (high == 0x33 && low == 0x62)
    }

    private func escape(_ bytes: [UInt8], _ index: Int, end: Int) throws(ProtocolFinding) -> UInt8 {
        guard index + 2 < end, let high = hexValue(bytes[index + 1]), let low = hexValue(bytes[index + 2]) else {
            throw ProtocolFinding(.badEscape, "percent sign without two hexadecimal digits")
        }
        return high << 4 | low
    }

    private func checkEscaped(_ byte: UInt8, _ bytes: [UInt8], _ index: Int, end: Int) throws(ProtocolFinding) {
        switch byte {
        case 0: throw ProtocolFinding(.encodedNul, "escaped nul in the path")
        case ..<0x20, 0x7F: throw ProtocolFinding(.encodedControl, "escaped control character \(byte) in the path")
        case 0x2F, 0x5C:
            if !allowsEncodedSlashes { throw ProtocolFinding(.encodedSlash, "escaped slash or backslash in the path") }
        case 0x25:
            guard index + 4 < end, let high = hexValue(bytes[index + 3]), let low = hexValue(bytes[index + 4]) else { return }
            if [0x00, 0x25, 0x2E, 0x2F, 0x5C].contains(high << 4 | low) {
                throw ProtocolFinding(.doubleEscape, "escape of an escape in the path")
            }
        default: break
        }
    }

    private func checkUTF8(_ bytes: [UInt8], isPath: Bool) throws(ProtocolFinding) {
        for index in bytes.indices.dropLast() {
            let next = bytes[index + 1]
            guard next & 0xC0 == 0x80 else { continue }
            switch bytes[index] {
            case 0xC0, 0xC1: throw ProtocolFinding(.overlongUTF8, "overlong utf-8 in the target")
            case 0xE0 where next < 0xA0, 0xF0 where next < 0x90: throw ProtocolFinding(.overlongUTF8, "overlong utf-8 in the target")
            default: break
            }
        }
        if isPath, String(validating: bytes, as: UTF8.self) == nil { throw ProtocolFinding(.badUTF8, "path that is no utf-8") }
    }

    private func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == 0x25, index + 2 < bytes.endIndex, let high = hexValue(bytes[index + 1]), let low = hexValue(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}

/// The value of a hexadecimal digit.
func hexValue(_ byte: UInt8) -> UInt8? {
    if byte &- 0x30 < 10 { return byte &- 0x30 }
    let letter = byte | 0x20
    return letter &- 0x61 < 6 ? letter &- 0x61 &+ 10 : nil
}
