/// The version of the program.
public enum HouseVersion {
    /// The number, by the rules of semantic versioning.
    public static let number = "0.1.0"

    /// One line: name, number, platform and build.
    public static var line: String { "gatehouse \(number) (\(platform), \(build))" }

    private static var platform: String {
        #if arch(x86_64)
            let machine = "x86_64"
        #elseif arch(arm64)
            let machine = "arm64"
        #else
            let machine = "unknown"
        #endif
        #if os(Linux)
            return "linux \(machine)"
        #else
            return machine
        #endif
    }

    private static var build: String {
        #if DEBUG
            "debug build"
        #else
            "release build"
        #endif
    }
}
