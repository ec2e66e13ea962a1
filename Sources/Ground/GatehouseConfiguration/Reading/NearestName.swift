/// The known name that a mistyped one most likely means: at most a third of its letters differ, or it begins or contains the other.
func nearest(to name: String, among known: [String]) -> String? {
    let name = normalized(name)
    guard (1...64).contains(name.count) else { return nil }
    let ranked = known.map { (name: $0, distance: distance(name, normalized($0))) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    if best.distance <= max(1, name.count / 3) { return best.name }
    return known.first { name.count >= 3 && (normalized($0).starts(with: name) || name.starts(with: normalized($0))) }
}

/// camelCase, kebab-case and snake_case are the same name.
private func normalized(_ name: String) -> [Character] { name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }.map { $0 } }

/// How many letters must be put in, taken out, changed or swapped with their neighbour (restricted Damerau-Levenshtein distance).
private func distance(_ left: [Character], _ right: [Character]) -> Int {
    guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
    var rows = [Array(0...right.count)]
    for i in 1...left.count {
        var row = [i]
        for j in 1...right.count {
            var cost = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1))
            if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] { cost = min(cost, rows[i - 2][j - 2] + 1) }
            row.append(cost)
        }
        rows.append(row)
    }
    return rows[left.count][right.count]
}
