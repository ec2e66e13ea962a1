internal import GatehouseGuards
internal import GatehouseProxy

/// Makes the guards of each place in a configuration, in the order of a request's life.
enum GuardAssembly {
    static func guards(_ place: GuardPlace) -> [Route.Placement] { [] }
}
