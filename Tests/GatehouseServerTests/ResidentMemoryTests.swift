import Testing

@testable import GatehouseServer

@Suite struct ResidentMemoryTests {
    @Test func findsCodeOfFilesOnly() {
        #expect(ResidentMemory.codeRange("55d0a000-55d0b000 r-xp 00001000 fe:01 42   /usr/bin/gatehouse\n") == 0x55d0_a000..<0x55d0_b000)
        #expect(ResidentMemory.codeRange("55d0a000-55d0b000 r--p 00001000 fe:01 42   /usr/bin/gatehouse\n") == nil)
        #expect(ResidentMemory.codeRange("55d0a000-55d0b000 rwxp 00001000 fe:01 42   /usr/bin/gatehouse\n") == nil)
        #expect(ResidentMemory.codeRange("7ffd0000-7ffd2000 r-xp 00000000 00:00 0    [vdso]\n") == nil)
        #expect(ResidentMemory.codeRange("7f000000-7f001000 r-xp 00000000 00:00 0 \n") == nil)
    }

    @Test func theProgramGoesOnWithoutItsPages() {
        ResidentMemory.startIsOver()
        #expect((0..<1000).map { "\($0)" }.joined().count == 2890)
    }
}
