import Glibc

/// Keeps the whole process out of core dumps and away from debuggers of the same user.
///
/// Keys lie in pages that are left out of dumps anyway (``KeyMaterial``); this covers the copies that algorithms make for moments.
public enum ProcessMemory {
    /// Forbids core dumps and tracing (`PR_SET_DUMPABLE`, `RLIMIT_CORE`) for the rest of the process' life. For the start of the program.
    ///
    /// - Returns: true where the system obeyed.
    @discardableResult
    public static func keepSecret() -> Bool {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        let isLimited = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0
        return control(setDumpable, 0) == 0 && isLimited
    }

    /// True while the process could be dumped or traced.
    public static var isDumpable: Bool { control(getDumpable, 0) != 0 }

    /// `prctl` takes a variable number of arguments, which Swift does not import; looked up, it is called with five like any function.
    private static func control(_ option: Int32, _ argument: UInt) -> Int32 {
        typealias Control = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
        guard let symbol = unsafe dlsym(nil, "prctl") else { return -1 }
        return unsafe unsafeBitCast(symbol, to: Control.self)(option, argument, 0, 0, 0)
    }
}

private let getDumpable: Int32 = 3
private let setDumpable: Int32 = 4
