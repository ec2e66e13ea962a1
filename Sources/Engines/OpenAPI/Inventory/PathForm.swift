/// Brings the paths of many requests to the few forms behind them.
enum PathForm {
    /// The path with `{}` for each segment that looks like an identifier, cut to 256 characters.
    static func form(of path: String) -> String {
        let segments = path.prefix(1_024).split(separator: "/", omittingEmptySubsequences: false)
        return String(segments.map { looksLikeIdentifier($0.utf8) ? "{}" : String($0) }.joined(separator: "/").prefix(256))
    }

    /// Numbers, UUIDs and other long runs of letters and digits in which digits are frequent.
    private static func looksLikeIdentifier(_ segment: Substring.UTF8View) -> Bool {
        let digits = segment.count(where: ASCII.isDigit)
        if digits == segment.count { return digits > 0 }
        let hex = segment.count { Percent.hexDigit($0) != nil || $0 == UInt8(ascii: "-") }
        if segment.count >= 16, hex == segment.count { return true }
        return segment.count >= 12 && digits * 4 >= segment.count
    }
}
