internal import Foundation
internal import GatehouseConfiguration
internal import GatehouseCore

/// The life of `gatehouse run`: start, reloads, and the way out.
public struct HouseProgram: Sendable {
    private let loader: ConfigurationLoader
    private let workers: Int

    /// A program for a configuration file.
    ///
    /// - Parameter workers: number of event loops; by default one per core that the process may use.
    public init(file: String, workers: Int?) {
        loader = ConfigurationLoader(file: file)
        self.workers = max(1, workers ?? ProcessInfo.processInfo.activeProcessorCount)
    }

    /// Runs until SIGTERM or SIGINT.
    ///
    /// - Returns: the exit code: 0 after a stop, 1 when the start failed, 2 when the file has errors.
    public func run() async -> Int32 {
        var loaded: LoadedConfiguration
        do {
            loaded = try loader.load()
        } catch {
            Self.say(error.report)
            return 2
        }
        if !loaded.warningReport.isEmpty { Self.say(loaded.warningReport) }
        let signals = SignalStream([SIGTERM, SIGINT, SIGHUP])
        do {
            let server = try await HouseServer(loaded.configuration, workers: workers)
            try await server.start()
            server.record(loaded)
            ResidentMemory.startIsOver()
            await serve(server, signals, &loaded)
            return 0
        } catch {
            Self.say("gatehouse: cannot start: \(error)")
            return 1
        }
    }

    private func serve(_ server: HouseServer, _ signals: SignalStream, _ loaded: inout LoadedConfiguration) async {
        let watcher = Task { [loaded] in await watch(loaded, server) }
        var isForced = false
        for await signal in signals.signals {
            if signal == SIGHUP {
                await server.reload(loader)
                continue
            }
            isForced = signal == SIGINT
            break
        }
        watcher.cancel()
        let stopping = Task { await server.stop() }
        guard isForced else { return await stopping.value }
        let second = Task {
            for await signal in signals.signals where signal != SIGHUP { exit(130) }
        }
        await stopping.value
        second.cancel()
    }

    /// Looks at the files every second and reloads when one has changed and then stood still.
    private func watch(_ first: LoadedConfiguration, _ server: HouseServer) async {
        var watch = ConfigurationWatch(first.watching(server.referredFiles))
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            guard watch.look() else { continue }
            switch await server.reload(loader) {
            case .inForce(let loaded), .unusable(let loaded): watch.took(loaded.watching(server.referredFiles))
            case .refused(let failure): watch.refused(failure)
            }
        }
    }

    private static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
