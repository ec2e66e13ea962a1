/// Host names of ASCII and of Unicode.

/// Labels of letters, digits and hyphens (RFC 1123 §2.1, RFC 952); labels that begin `xn--` must be valid A-labels (RFC 5890 §2.3.2.1).
func isHostname(_ text: ByteText) -> Bool {
    guard text.count > 0, text.count <= 253 else { return false }
    var hosts: [IDNALabel] = []
    for label in text.split(UInt8(ascii: ".")) {
        guard isLDHLabel(label) else { return false }
        guard hasHyphensInThirdAndFourth(label) else { continue }
        guard let decoded = IDNALabel(aLabel: label.bytes) else { return false }
        hosts.append(decoded)
    }
    return hosts.isEmpty || satisfyBidi(hosts)
}

/// The same with labels of Unicode that IDNA2008 allows (RFC 5890 … 5893). The three other full stops separate as well.
func isInternationalHostname(_ text: ByteText) -> Bool {
    let separators: Set<Unicode.Scalar> = [".", "\u{3002}", "\u{FF0E}", "\u{FF61}"]
    let parts = text.string.unicodeScalars.split(omittingEmptySubsequences: false) { separators.contains($0) }
    var labels: [IDNALabel] = []
    var length = -1
    for part in parts {
        guard let label = IDNALabel(Array(part)) else { return false }
        labels.append(label)
        length += 1 + label.asciiLength
        guard length <= 253 else { return false }
    }
    return satisfyBidi(labels)
}

func isLDHLabel(_ label: ByteText) -> Bool {
    (1...63).contains(label.count) && label[0] != UInt8(ascii: "-") && label[label.count - 1] != UInt8(ascii: "-")
        && (0..<label.count).allSatisfy { isLetter(label[$0]) || isDigit(label[$0]) || label[$0] == UInt8(ascii: "-") }
}

private func hasHyphensInThirdAndFourth(_ label: ByteText) -> Bool {
    label[2] == UInt8(ascii: "-") && label[3] == UInt8(ascii: "-")
}

/// The rule of RFC 5893 §2, where any label has characters from right to left.
func satisfyBidi(_ labels: [IDNALabel]) -> Bool {
    let classes = labels.map { $0.scalars.map { BidiClass($0.value) } }
    guard classes.joined().contains(where: { $0 == .r || $0 == .al || $0 == .an }) else { return true }
    return classes.allSatisfy(BidiClass.isAllowedLabel)
}
