internal import StrictJSON

/// Reads `application/x-www-form-urlencoded` as the object its schema describes.
struct FormReading {
    let shapes: ShapeTable
    let options: OpenAPIOptions
    let media: CompiledMedia

    /// The readings to be tried: numbers as numbers, then everything that may be text as text.
    func candidates(_ bytes: [UInt8]) throws(BodyFault) -> [JSONDocument] {
        let pairs: QueryString
        do throws(QueryString.Fault) { pairs = try QueryString(bytes[...], limit: options.pairs) } catch {
            switch error {
            case .badEncoding: throw BodyFault(OpenAPIIssue.Keyword.encoding, "a name's percent-encoding or UTF-8 is broken")
            case .tooManyPairs(let limit): throw BodyFault(OpenAPIIssue.Keyword.limit, "the form has more than \(limit) fields")
            }
        }
        return [JSONDocument(try value(pairs, prefersText: false)), JSONDocument(try value(pairs, prefersText: true))]
    }

    private func value(_ pairs: QueryString, prefersText: Bool) throws(BodyFault) -> JSONValue {
        let reading = ValueReading(shapes: shapes, prefersText: prefersText)
        var members: [(String, JSONValue)] = []
        var taken: Set<String> = []
        for (name, shape) in shapes[media.shape].properties.sorted(by: { $0.key < $1.key }) {
            guard let value = try property(name, shape, pairs, reading, &taken) else { continue }
            members.append((name, value))
        }
        for pair in pairs.pairs where !taken.contains(pair.name) {
            taken.insert(pair.name)
            if let value = try property(pair.name, shapes.property(pair.name, of: media.shape), pairs, reading, &taken) {
                members.append((pair.name, value))
            }
        }
        return .object(JSONObject(members))
    }

    /// Without `style`, objects are written as JSON and arrays by repeating the name.
    private func property(
        _ name: String, _ shape: Int, _ pairs: QueryString, _ reading: ValueReading, _ taken: inout Set<String>
    ) throws(BodyFault) -> JSONValue? {
        let encoding = media.encodings[name]
        let styles = QueryStyles(name: name, style: encoding?.style?.style ?? .form, explode: encoding?.style?.explode ?? true)
        let fields = shapes[shape].properties
        let isStyledObject = encoding?.style != nil
        let isList =
            !shapes[shape].types.contains(.string) && shapes[shape].types.contains(.array)
            || pairs.values(of: name).count > 1 && shapes[shape].types.contains(.array)
        let isObject = shapes[shape].types.contains(.object) && shapes[shape].types.isDisjoint(with: .scalars.subtracting(.null))
        if isObject, !isStyledObject { return try json(name, pairs, &taken) }
        do throws(StyleFault) {
            let form: SerializedForm = isObject ? .fields : isList ? .list : .scalar
            guard let read = try styles.parse(pairs, form: form, isField: { fields[$0] != nil }) else { return nil }
            if case .fields(let found) = read { taken.formUnion(found.flatMap { [$0.name, "\(name)[\($0.name)]"] }) }
            taken.insert(name)
            return reading.value(read, shape: shape)
        } catch {
            throw BodyFault(error.keyword, name: name, error.reason)
        }
    }

    private func json(_ name: String, _ pairs: QueryString, _ taken: inout Set<String>) throws(BodyFault) -> JSONValue? {
        let values = pairs.values(of: name)
        guard let first = values.first else { return nil }
        taken.insert(name)
        guard values.count == 1 else { throw BodyFault(OpenAPIIssue.Keyword.repeated, name: name, StyleFault.repeated.reason) }
        guard let text = Percent.decode(first, plus: .space) else {
            throw BodyFault(OpenAPIIssue.Keyword.encoding, name: name, StyleFault.badEncoding.reason)
        }
        do throws(JSONError) { return try JSONValue(parsing: text, limits: options.jsonLimits) } catch {
            throw BodyFault(BodyJudge.keyword(error), name: name, error.reason)
        }
    }
}
