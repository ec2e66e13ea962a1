extension Transformation {
    /// Removes empty, `.` and `..` segments from a path, without climbing above its root (RFC 3986 section 5.2.4 in spirit).
    static let normalizePath = Transformation("normalizePath", triggers: ByteSet("/.")) { input, output in
        normalize(input, &output, windows: false)
    }

    /// As the reference engine does it: byte by byte, looking at the end of each segment.
    static func normalize(_ input: Slice, _ output: inout ByteWriter, windows: Bool) -> Bool {
        guard !input.isEmpty else { return false }
        func byte(_ index: Int) -> UInt8 { windows && input[index] == 92 ? 47 : input[index] }
        let last = input.count - 1
        let isRelative = byte(0) != 47
        let keepsTrailingSlash = byte(last) == 47
        var state = PathState(isRelative: isRelative)
        var source = 0
        while source <= last {
            let atEnd = source == last
            if atEnd || byte(source + 1) == 47 {
                switch state.endSegment(byte(source), atEnd: atEnd, &output) {
                case .copy: break
                case .stop: source = last + 1
                case .skip: source += 1
                }
                if source > last { break }
            }
            var current = byte(source)
            if current == 47 {
                while source < last, byte(source + 1) == 47 { source += 1 }
                if isRelative, output.count == 0 {
                    source += 1
                    continue
                }
                current = 47
            }
            output.append(current)
            source += 1
        }
        if !keepsTrailingSlash, output.count > 0, output[output.count - 1] == 47 { output.truncate(to: output.count - 1) }
        return differs(input, output)
    }

    private static func differs(_ input: Slice, _ output: ByteWriter) -> Bool {
        guard input.count == output.count else { return true }
        for index in 0..<input.count where input[index] != output[index] { return true }
        return false
    }
}

/// What `normalizePath` remembers between segments.
private struct PathState {
    enum Step { case copy, skip, stop }

    let isRelative: Bool
    var hitRoot = false

    /// Decides about the segment whose last byte is `byte`; `output` holds what came before that byte.
    mutating func endSegment(_ byte: UInt8, atEnd: Bool, _ output: inout ByteWriter) -> Step {
        if byte == 47, !atEnd { return .copy }
        guard byte == 46 else {
            if output.count > 0 { hitRoot = false }
            return .copy
        }
        if output.count > 0, output[output.count - 1] == 46 { return backReference(atEnd: atEnd, &output) }
        if output.count == 0 { return atEnd ? .stop : .skip }
        guard output[output.count - 1] == 47 else { return .copy }
        if atEnd { return .stop }
        output.truncate(to: output.count - 1)
        return .skip
    }

    private mutating func backReference(atEnd: Bool, _ output: inout ByteWriter) -> Step {
        if isRelative, hitRoot || output.count <= 2 {
            hitRoot = true
            return .copy
        }
        var target = output.count - 3
        while target > 0, output[target] != 47 { target -= 1 }
        if target <= 0 {
            hitRoot = true
            target = 0
            if !isRelative, atEnd { target = 1 }
        }
        output.truncate(to: target)
        return atEnd ? .stop : .skip
    }
}
