/// Punycode (RFC 3492): Unicode as letters, digits and hyphens.
enum Punycode {
    private static let (base, least, most, skew, damp, initialBias, initialCode) = (36, 1, 26, 38, 700, 72, 128)

    /// The code points behind `xn--…` without its prefix; nil where the text is no Punycode.
    static func decode(_ text: [UInt8]) -> [Unicode.Scalar]? {
        var output: [UInt32] = []
        var rest = text[...]
        if let hyphen = text.lastIndex(of: UInt8(ascii: "-")) {
            output = text[..<hyphen].map(UInt32.init)
            rest = text[(hyphen + 1)...]
        }
        var (code, place, bias) = (initialCode, 0, initialBias)
        while !rest.isEmpty {
            let before = place
            guard let delta = decodeDelta(&rest, bias) else { return nil }
            place += delta
            bias = adapt(place - before, output.count + 1, isFirst: before == 0)
            code += place / (output.count + 1)
            place %= output.count + 1
            guard code <= 0x10FFFF, output.count < 64 else { return nil }
            output.insert(UInt32(code), at: place)
            place += 1
        }
        let scalars = output.compactMap(Unicode.Scalar.init)
        return scalars.count == output.count ? scalars : nil
    }

    /// Takes one variable-length number.
    private static func decodeDelta(_ rest: inout ArraySlice<UInt8>, _ bias: Int) -> Int? {
        var (value, weight, k) = (0, 1, base)
        while true {
            guard let byte = rest.popFirst(), let digit = digit(byte), value < 0x7FFF_FFFF, weight < 0x7FFF_FFFF else { return nil }
            value += digit * weight
            let threshold = min(max(k - bias, least), most)
            if digit < threshold { return value }
            weight *= base - threshold
            k += base
        }
    }

    /// The Punycode of code points, without prefix.
    static func encode(_ scalars: [Unicode.Scalar]) -> [UInt8]? {
        var output = scalars.filter(\.isASCII).map { UInt8(truncatingIfNeeded: $0.value) }
        let basic = output.count
        var handled = basic
        if basic > 0 { output.append(UInt8(ascii: "-")) }
        var (code, delta, bias) = (initialCode, 0, initialBias)
        while handled < scalars.count {
            guard let next = scalars.map({ Int($0.value) }).filter({ $0 >= code }).min() else { return nil }
            delta += (next - code) * (handled + 1)
            code = next
            for scalar in scalars {
                if scalar.value < code { delta += 1 }
                if scalar.value == code {
                    encodeDelta(delta, bias, &output)
                    bias = adapt(delta, handled + 1, isFirst: handled == basic)
                    delta = 0
                    handled += 1
                }
            }
            delta += 1
            code += 1
        }
        return output
    }

    private static func encodeDelta(_ delta: Int, _ bias: Int, _ output: inout [UInt8]) {
        var (rest, k) = (delta, base)
        while true {
            let threshold = min(max(k - bias, least), most)
            if rest < threshold { break }
            output.append(character(threshold + (rest - threshold) % (base - threshold)))
            rest = (rest - threshold) / (base - threshold)
            k += base
        }
        output.append(character(rest))
    }

    private static func adapt(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / damp : delta / 2
        delta += delta / count
        var k = 0
        while delta > (base - least) * most / 2 {
            delta /= base - least
            k += base
        }
        return k + (base - least + 1) * delta / (delta + skew)
    }

    private static func digit(_ byte: UInt8) -> Int? {
        if isDigit(byte) { return Int(byte - UInt8(ascii: "0")) + 26 }
        return isLetter(byte) ? Int((byte | 0x20) - UInt8(ascii: "a")) : nil
    }

    private static func character(_ digit: Int) -> UInt8 {
        digit < 26 ? UInt8(ascii: "a") + UInt8(digit) : UInt8(ascii: "0") + UInt8(digit - 26)
    }
}
