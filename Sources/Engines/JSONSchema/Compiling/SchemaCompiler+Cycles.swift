extension SchemaCompiler {
    /// Refuses references that come back to the same schema for the same value.
    func refuseEndlessReferences() throws(SchemaError) {
        var state = [UInt8](repeating: 0, count: parts.headers.count)
        for start in parts.headers.indices where state[start] == 0 {
            var stack = [(schema: start, next: successors(start)[...])]
            state[start] = 1
            while let top = stack.popLast() {
                guard let successor = top.next.first else {
                    state[top.schema] = 2
                    continue
                }
                stack.append((top.schema, top.next.dropFirst()))
                if state[successor] == 1 { throw endless(successor) }
                if state[successor] == 2 { continue }
                state[successor] = 1
                stack.append((successor, successors(successor)[...]))
            }
        }
    }

    /// The schemas that look at the same value as this one.
    private func successors(_ number: Int) -> [Int] {
        let header = parts.headers[number]
        var found: [Int32] = []
        for operation in parts.operations[Int(header.start)..<Int(header.lateEnd)] {
            switch operation.code {
            case .reference, .not: found.append(operation.a)
            case .allOf, .anyOf, .oneOf: found.append(contentsOf: parts.integers[Int(operation.a)..<Int(operation.a + operation.b)])
            case .ifThenElse: found.append(contentsOf: [operation.a, operation.b, operation.c].filter { $0 >= 0 })
            case .dependentSchema: found.append(operation.b)
            default: break
            }
        }
        return found.map(Int.init)
    }

    private func endless(_ number: Int) -> SchemaError {
        let place = parts.locations[Int(parts.headers[number].location)]
        return SchemaError(
            code: .endlessReference, reason: "the schema refers to itself without looking further into the value",
            location: "#" + place.schemaPointer)
    }
}
