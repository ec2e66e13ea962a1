/// A rule as it was read, before names are resolved: exclusions and updates may still change it.
struct RuleDefinition {
    var location: SourceLocation
    var targets: [TargetDefinition]
    var operatorName: String
    var operatorArgument: String
    var operatorLocation: SourceLocation
    var isNegated: Bool
    var actions: [PlacedAction]
    /// The defaults by phase that were in force where the rule stands.
    var defaults: [Int: [PlacedAction]]
    var marker: String?
    /// The file's name, for data files.
    var file: String

    struct PlacedAction {
        var item: NameValueList.Item
        var location: SourceLocation
    }

    /// The first value of an action.
    func value(of action: String) -> String? {
        actions.last { $0.item.name.lowercased() == action }?.item.value
    }

    func has(_ action: String) -> Bool { actions.contains { $0.item.name.lowercased() == action } }
}

extension RuleDefinition {
    static func placed(_ items: [NameValueList.Item], at place: (Int) -> SourceLocation) -> [PlacedAction] {
        items.map { PlacedAction(item: $0, location: place($0.offset)) }
    }
}
