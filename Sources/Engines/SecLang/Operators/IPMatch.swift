/// `@ipMatch` and `@ipMatchFromFile`: the value is an address inside one of the networks (RFC 4632, RFC 4291).
struct IPMatch: Operator {
    private let networks: [Network]

    init(_ argument: String) throws(Complaint) {
        var networks: [Network] = []
        for part in argument.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            guard let network = Network(String(part)) else { throw Complaint("`\(part)` is no address or network") }
            networks.append(network)
        }
        guard !networks.isEmpty else { throw Complaint("there are no networks to compare with") }
        self.networks = networks
    }

    init(file: String, _ context: CompileContext) throws(Complaint) {
        let lines = String(decoding: try context.data(file), as: UTF8.self).split(whereSeparator: \.isNewline)
        try self.init(lines.filter { !$0.hasPrefix("#") }.joined(separator: ","))
    }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        guard let address = Address(value.text), networks.contains(where: { $0.contains(address) }) else { return .noMatch }
        run.note(value)
        return .match
    }
}

/// An IPv4 or IPv6 address as bytes; an IPv4 address that is mapped into IPv6 counts as IPv4.
struct Address: Sendable, Equatable {
    var bytes: [UInt8]

    init?(_ text: String) {
        guard let bytes = text.contains(":") ? Address.six(text) : Address.four(text) else { return nil }
        self.bytes = bytes.count == 16 && bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255]) ? Array(bytes[12...]) : bytes
    }

    private static func four(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCII) && ($0.count == 1 || !$0.hasPrefix("0")) })
        else {
            return nil
        }
        let bytes = parts.compactMap { $0.hasPrefix("+") ? nil : UInt8($0) }
        return bytes.count == 4 ? bytes : nil
    }

    private static func six(_ text: String) -> [UInt8]? {
        let halves = text.components(dividedBy: "::")
        guard halves.count <= 2 else { return nil }
        guard let head = groups(halves[0]), let tail = halves.count == 2 ? groups(halves[1]) : [] else { return nil }
        if halves.count == 1 { return head.count == 16 ? head : nil }
        guard head.count + tail.count < 16 else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func groups(_ text: String) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains(".") {
                guard let last = four(part) else { return nil }
                bytes += last
            } else {
                guard (1...4).contains(part.utf8.count), !part.hasPrefix("+"), let group = UInt16(part, radix: 16) else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 255)]
            }
        }
        return bytes
    }
}

/// A network in prefix notation, or a single address.
struct Network: Sendable {
    private let address: Address
    private let prefix: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = Address(String(parts[0])) else { return nil }
        self.address = address
        let full = address.bytes.count * 8
        guard parts.count == 2 else {
            prefix = full
            return
        }
        guard let bits = Int(parts[1]), (0...full).contains(bits) else { return nil }
        prefix = bits
    }

    func contains(_ other: Address) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        for index in 0..<address.bytes.count {
            let bits = min(8, max(0, prefix - index * 8))
            let mask = bits == 0 ? 0 : UInt8.max << UInt8(8 - bits)
            if (other.bytes[index] ^ address.bytes[index]) & mask != 0 { return false }
        }
        return true
    }
}

extension String {
    fileprivate func components(dividedBy separator: String) -> [String] {
        var parts: [String] = []
        var rest = Substring(self)
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
