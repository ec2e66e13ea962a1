internal import StrictJSON

/// What one policy set has and another has not.
public struct PolicyDifference: Sendable {
    /// A policy that is there under the same name with another meaning.
    public struct Change: Sendable {
        /// The id of the policy.
        public let name: String
        /// Its text in the first set.
        public let before: String
        /// Its text in the second set.
        public let after: String
    }

    /// Names of policies that only the second set has.
    public private(set) var added: [String] = []
    /// Names of policies that only the first set has.
    public private(set) var removed: [String] = []
    /// Policies that differ.
    public private(set) var changed: [Change] = []

    /// True when the sets say the same.
    public var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

    /// Compares two sets by the policies' `@id`, else by content: a policy that only moved is no difference.
    public init(from first: PolicySet, to second: PolicySet) {
        let before = Self.named(first)
        let after = Self.named(second)
        for (name, text) in before.sorted(by: { $0.key < $1.key }) {
            guard let other = after[name] else {
                removed.append(name.string)
                continue
            }
            if other != text { changed.append(Change(name: name.string, before: text, after: other)) }
        }
        added = after.keys.filter { before[$0] == nil }.sorted().map(\.string)
    }

    /// Canonical texts by name.
    private static func named(_ set: PolicySet) -> [Text: String] {
        var result: [Text: String] = [:]
        let links = set.links.compactMap { link in set.template(link.template).map { (link.id, $0.linked(link.values)) } }
        for (id, policy) in set.policies + set.templates + links {
            let text = DeepStack.run(depth: policy.depth) { policy.json.serialized(.init(sortedKeys: true)) }
            let name = policy.annotation("id") ?? (id.hasPrefix("policy") ? Text(policy.cedarText) : Text(id))
            var unique = name
            var number = 2
            while result[unique] != nil, result[unique] != text {
                unique = Text("\(name) (\(number))")
                number += 1
            }
            result[unique] = text
        }
        return result
    }
}
