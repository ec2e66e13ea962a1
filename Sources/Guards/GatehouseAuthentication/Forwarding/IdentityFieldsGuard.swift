public import GatehouseConfiguration
public import GatehouseGuards
internal import HTTPWire

/// Takes away what clients send under the names of fields that tell a backend who the caller is.
///
/// Works whatever the requirement and mode of the place are: a field that a backend trusts anywhere must never come from outside. Names
/// with underscores in place of hyphens count as the same, since some backends read them so.
public struct IdentityFieldsGuard: Guard {
    /// The name in events.
    public let name = "authentication"
    /// The phases that it wants.
    public let phases: GuardPhases
    private let names: [[UInt8]]
    /// True where a chosen field has a well-known name, so that lines of such names must be looked at.
    private let hasKnownNames: Bool

    /// Guards `Gatehouse-Identity` and the chosen fields of a place.
    public init(_ settings: AuthenticationGuardSettings) {
        let chosen = settings.identity.headers.map(\.name.name)
        let isNeeded = settings.require != .off || !chosen.isEmpty
        names = isNeeded ? (["gatehouse-identity"] + chosen).map(Self.plain) : []
        hasKnownNames = KnownField.allCases.contains { chosen.contains($0.name) }
        phases = isNeeded ? .requestHead : []
    }

    /// True when there is nothing to take away.
    public var isEmpty: Bool { names.isEmpty }

    /// Takes the fields away.
    public func requestHead(_ exchange: Exchange) -> Verdict {
        let fields = exchange.request.fields
        if (0..<fields.count).contains(where: { isOurs(fields, $0) }) {
            exchange.request.fields.removeLines { isOurs($0, $1) }
        }
        return .pass
    }

    private func isOurs(_ fields: FieldBlock, _ index: Int) -> Bool {
        if let known = fields.known(at: index), !hasKnownNames { return known == .gatehouseIdentity }
        let name = fields.nameBytes(at: index)
        return names.contains { known in
            known.count == name.count && zip(known, name).allSatisfy { $0 == ($1 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $1) }
        }
    }

    private static func plain(_ name: String) -> [UInt8] { name.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 } }
}
