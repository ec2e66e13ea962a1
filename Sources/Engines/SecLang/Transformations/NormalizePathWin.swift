extension Transformation {
    /// As `normalizePath`, with backslashes turned into slashes first.
    static let normalizePathWin = Transformation("normalizePathWin", triggers: ByteSet("/.\\")) { input, output in
        normalize(input, &output, windows: true)
    }
}
