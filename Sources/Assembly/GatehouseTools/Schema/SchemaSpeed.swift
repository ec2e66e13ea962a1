import JSONSchema
import StrictJSON

/// Measures validation of one document on one core.
public enum SchemaSpeed {
    /// Prints nanoseconds a round: to compile, to read and validate, to validate alone; the best of several runs.
    public static func printTable(schema: String, document: String, rounds: Int) throws {
        let schemaDocument = try JSONDocument(SchemaFiles.bytes(schema), limits: .trusted)
        let bytes = try SchemaFiles.bytes(document)
        let compiled = try JSONSchema(schemaDocument)
        let root = try JSONDocument(bytes).root
        guard compiled.isValid(root) else { throw SchemaUsageError(text: "`\(document)` is not valid, so there is nothing to measure") }
        report("compile", try best(max(rounds / 1000, 1)) { _ = try JSONSchema(schemaDocument) })
        report("read", try best(rounds) { _ = try JSONDocument(bytes) })
        report("read+validate", try best(rounds) { _ = compiled.isValid(try JSONDocument(bytes).root) })
        report("validate", best(rounds) { _ = compiled.isValid(root) })
    }

    private static func report(_ name: String, _ nanoseconds: Double) {
        print("\(name) \((nanoseconds * 10).rounded() / 10)")
    }

    /// Nanoseconds a round in the fastest of nine runs.
    private static func best(_ rounds: Int, _ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        let times = try (0..<9).map { _ in
            try clock.measure { for _ in 0..<rounds { try body() } }
        }
        let fastest = times.min() ?? .zero
        return (Double(fastest.components.seconds) * 1e9 + Double(fastest.components.attoseconds) / 1e9) / Double(rounds)
    }
}
