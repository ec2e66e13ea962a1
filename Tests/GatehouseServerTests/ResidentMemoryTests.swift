import Testing

@testable import GatehouseServer

@Suite struct ResidentMemoryTests {
    @Test(
        "only read-only pages of files that were never written are let go",
        arguments: [
            ("r-xp 00001000 fe:01 42   /usr/bin/gatehouse", 0, true), ("r--p 00001000 fe:01 42   /usr/lib/libc.so.6", 0, true),
            ("r--p 00001000 fe:01 42   /usr/lib/libc.so.6", 16, false), ("rw-p 00001000 fe:01 42   /usr/bin/gatehouse", 0, false),
            ("rwxp 00001000 fe:01 42   /usr/bin/gatehouse", 0, false), ("r-xs 00001000 fe:01 42   /usr/bin/gatehouse", 0, false),
            ("r-xp 00000000 00:00 0    [vdso]", 0, false), ("r--p 00000000 00:00 0", 0, false),
        ])
    func findsCleanMappings(_ mapping: String, _ anonymous: Int, _ isClean: Bool) {
        var mappings = CleanMappings()
        let lines = ["55d0a000-55d0b000 \(mapping)\n", "Size:   4 kB\n", "Anonymous:   \(anonymous) kB\n", "VmFlags: rd\n"]
        let found = lines.compactMap { mappings.take($0) }
        #expect(found == (isClean ? [0x55d0_a000..<0x55d0_b000] : []))
    }

    @Test func theProgramGoesOnWithoutItsPages() {
        ResidentMemory.startIsOver()
        #expect((0..<1000).map { "\($0)" }.joined().count == 2890)
    }
}
