/// `@geoLookup`: finds the country of the address and fills the GEO collection; no match where it is not known.
struct GeoLookupOperator: Operator {
    init(_ context: CompileContext) { context.usesGeo = true }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict {
        guard let record = run.transaction.rules.settings.geo?.record(for: value.text) else { return .noMatch }
        run.transaction.geo = record
        return .match
    }
}
