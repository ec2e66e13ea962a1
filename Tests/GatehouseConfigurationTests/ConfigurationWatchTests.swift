import GatehouseConfiguration
import Testing

@Suite struct ConfigurationWatchTests {
    private let good = "services: [{upstream: 'http://127.0.0.1:3000'}]"
    private let bad = "services: [{upstream: 'http://127.0.0.1:3000'}]\nguards: {addresses: {deny_files: deny.txt}}"

    @Test func `a change is taken once it stands still`() throws {
        var watch = ConfigurationWatch(try load(good))
        expect(false, from: &watch, in: files(good))
        expect(false, from: &watch, in: files(good + " "))
        expect(false, from: &watch, in: files(good + "  "), "it still changed between the two looks")
        expect(true, from: &watch, in: files(good + "  "))
        watch.took(try load(good + "  "))
        expect(false, from: &watch, in: files(good + "  "))
    }

    @Test func `a change that is taken back is none`() throws {
        var watch = ConfigurationWatch(try load(good))
        expect(false, from: &watch, in: files(good + " "))
        expect(false, from: &watch, in: files(good))
        expect(false, from: &watch, in: files(good + " "))
    }

    @Test func `a refused file is tried again when a file that it names appears`() throws {
        var watch = ConfigurationWatch(try load(good))
        expect(false, from: &watch, in: files(bad))
        expect(true, from: &watch, in: files(bad))
        watch.refused(try #require(failure(bad)))
        expect(false, from: &watch, in: files(bad))
        expect(false, from: &watch, in: files(bad), "nothing has changed since it was refused")
        expect(false, from: &watch, in: files(bad, ["./deny.txt": "10.0.0.0/8"]))
        expect(true, from: &watch, in: files(bad, ["./deny.txt": "10.0.0.0/8"]))
    }

    private func expect(
        _ isTime: Bool, from watch: inout ConfigurationWatch, in environment: ConfigurationEnvironment, _ why: Comment? = nil
    ) {
        let answer = watch.look(in: environment)
        #expect(answer == isTime, why)
    }

    private func files(_ text: String, _ others: [String: String] = [:]) -> ConfigurationEnvironment {
        .memory(files: others.merging(["gatehouse.yaml": text]) { $1 })
    }
}
