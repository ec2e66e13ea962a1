/// The square on which a code is drawn: function patterns, then codewords in a zigzag, then the best of eight masks.
struct QRDrawing: Sendable {
    let version: Int
    let size: Int
    private(set) var modules: [Bool]
    private var isFunction: [Bool]

    init(_ version: Int) {
        self.version = version
        size = 17 + 4 * version
        modules = [Bool](repeating: false, count: size * size)
        isFunction = modules
        drawTiming()
        for (row, column) in [(3, 3), (3, size - 4), (size - 4, 3)] { drawFinder(row, column) }
        drawAlignments()
        drawFormat(0, .low)
        drawVersion()
    }

    /// The code with its codewords, under the mask that is read best (section 7.8.3).
    func finished(_ words: [UInt8], _ correction: QRCode.Correction) -> QRDrawing {
        var plain = self
        plain.drawWords(words)
        let candidates = (0..<8).map { mask in
            var candidate = plain
            candidate.apply(mask)
            candidate.drawFormat(mask, correction)
            return candidate
        }
        let penalties = candidates.map { QRPenalty.of($0) }
        let best = penalties.indices.min { penalties[$0] < penalties[$1] } ?? 0
        return candidates[best]
    }

    func isDark(_ row: Int, _ column: Int) -> Bool { modules[row * size + column] }

    private mutating func setFunction(_ row: Int, _ column: Int, _ dark: Bool) {
        modules[row * size + column] = dark
        isFunction[row * size + column] = true
    }

    // MARK: Function patterns (section 6.3)

    private mutating func drawTiming() {
        for place in 0..<size {
            setFunction(6, place, place % 2 == 0)
            setFunction(place, 6, place % 2 == 0)
        }
    }

    /// A finder with its separator.
    private mutating func drawFinder(_ row: Int, _ column: Int) {
        for down in -4...4 {
            for right in -4...4 {
                let distance = max(abs(down), abs(right))
                guard (0..<size).contains(row + down), (0..<size).contains(column + right) else { continue }
                setFunction(row + down, column + right, distance != 2 && distance != 4)
            }
        }
    }

    private mutating func drawAlignments() {
        let places = alignmentPlaces
        let last = places.count - 1
        for (i, row) in places.enumerated() {
            for (j, column) in places.enumerated() where !((i == 0 && j == 0) || (i == 0 && j == last) || (i == last && j == 0)) {
                for down in -2...2 {
                    for right in -2...2 { setFunction(row + down, column + right, max(abs(down), abs(right)) != 1) }
                }
            }
        }
    }

    /// Centres of alignment patterns on each axis (annex E).
    private var alignmentPlaces: [Int] {
        guard version > 1 else { return [] }
        let count = version / 7 + 2
        let step = (version * 8 + count * 3 + 5) / (count * 4 - 4) * 2
        return [6] + (0..<(count - 1)).map { size - 7 - $0 * step }.reversed()
    }

    /// Correction level and mask, twice, with a BCH code (section 7.9).
    private mutating func drawFormat(_ mask: Int, _ correction: QRCode.Correction) {
        let level = [1, 0, 3, 2][correction.rawValue]
        let data = level << 3 | mask
        var remainder = data
        for _ in 0..<10 { remainder = remainder << 1 ^ (remainder >> 9) * 0x537 }
        let bits = (data << 10 | remainder) ^ 0x5412
        let isSet = { (bit: Int) in bits >> bit & 1 == 1 }
        for bit in 0..<6 { setFunction(bit, 8, isSet(bit)) }
        setFunction(7, 8, isSet(6))
        setFunction(8, 8, isSet(7))
        setFunction(8, 7, isSet(8))
        for bit in 9..<15 { setFunction(8, 14 - bit, isSet(bit)) }
        for bit in 0..<8 { setFunction(8, size - 1 - bit, isSet(bit)) }
        for bit in 8..<15 { setFunction(size - 15 + bit, 8, isSet(bit)) }
        setFunction(size - 8, 8, true)
    }

    /// The version, twice, with a BCH code (section 7.10).
    private mutating func drawVersion() {
        guard version >= 7 else { return }
        var remainder = version
        for _ in 0..<12 { remainder = remainder << 1 ^ (remainder >> 11) * 0x1F25 }
        let bits = version << 12 | remainder
        for bit in 0..<18 {
            let (far, near) = (size - 11 + bit % 3, bit / 3)
            setFunction(near, far, bits >> bit & 1 == 1)
            setFunction(far, near, bits >> bit & 1 == 1)
        }
    }

    // MARK: Codewords and masks

    /// Two columns at a time from the right, up and down in turn (section 7.7.3).
    private mutating func drawWords(_ words: [UInt8]) {
        var bit = 0
        var right = size - 1
        while right >= 1 {
            if right == 6 { right = 5 }
            let goesUp = (right + 1) & 2 == 0
            for step in 0..<size {
                let row = goesUp ? size - 1 - step : step
                for column in [right, right - 1] where !isFunction[row * size + column] && bit < words.count * 8 {
                    modules[row * size + column] = words[bit / 8] >> (7 - UInt8(bit % 8)) & 1 == 1
                    bit += 1
                }
            }
            right -= 2
        }
    }

    private mutating func apply(_ mask: Int) {
        for row in 0..<size {
            for column in 0..<size where !isFunction[row * size + column] && Self.inverts(mask, row, column) {
                modules[row * size + column].toggle()
            }
        }
    }

    /// Table 10.
    private static func inverts(_ mask: Int, _ i: Int, _ j: Int) -> Bool {
        switch mask {
        case 0: (i + j) % 2 == 0
        case 1: i % 2 == 0
        case 2: j % 3 == 0
        case 3: (i + j) % 3 == 0
        case 4: (i / 2 + j / 3) % 2 == 0
        case 5: i * j % 2 + i * j % 3 == 0
        case 6: (i * j % 2 + i * j % 3) % 2 == 0
        default: ((i + j) % 2 + i * j % 3) % 2 == 0
        }
    }
}

/// How badly a drawing is read (table 11).
enum QRPenalty {
    static func of(_ drawing: QRDrawing) -> Int {
        let lines = (0..<drawing.size).flatMap { line in
            [(0..<drawing.size).map { drawing.isDark(line, $0) }, (0..<drawing.size).map { drawing.isDark($0, line) }]
        }
        return lines.reduce(0) { $0 + runs($1) + finders($1) } + squares(drawing) + balance(drawing)
    }

    private static func runs(_ line: [Bool]) -> Int {
        var (penalty, length) = (0, 1)
        for place in 1...line.count {
            if place < line.count, line[place] == line[place - 1] {
                length += 1
            } else {
                if length >= 5 { penalty += length - 2 }
                length = 1
            }
        }
        return penalty
    }

    /// What looks like a finder: 1:1:3:1:1 with four light modules at one side.
    private static func finders(_ line: [Bool]) -> Int {
        let pattern = [true, false, true, true, true, false, true]
        let isLight = { (range: Range<Int>) in range.allSatisfy { !line.indices.contains($0) || !line[$0] } }
        return (0...(line.count - 7)).count {
            line[$0..<($0 + 7)].elementsEqual(pattern) && (isLight(($0 - 4)..<$0) || isLight(($0 + 7)..<($0 + 11)))
        } * 40
    }

    private static func squares(_ drawing: QRDrawing) -> Int {
        var penalty = 0
        for row in 1..<drawing.size {
            for column in 1..<drawing.size {
                let dark = drawing.isDark(row, column)
                let isSquare =
                    dark == drawing.isDark(row - 1, column) && dark == drawing.isDark(row, column - 1)
                    && dark == drawing.isDark(row - 1, column - 1)
                if isSquare { penalty += 3 }
            }
        }
        return penalty
    }

    private static func balance(_ drawing: QRDrawing) -> Int {
        let (dark, total) = (drawing.modules.count { $0 }, drawing.modules.count)
        return 10 * (abs(20 * dark - 10 * total) / total)
    }
}
