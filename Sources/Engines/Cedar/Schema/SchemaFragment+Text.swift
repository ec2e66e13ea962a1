extension SchemaFragment {
    /// The schema in Cedar syntax.
    ///
    /// - Throws: ``CedarError`` where Cedar syntax cannot say it: an entity type and a common type of one name, and an
    ///   entity type whose shape is no record written out.
    public func cedarText() throws(CedarError) -> String {
        for (name, definition) in namespaces {
            if name != nil, let both = definition.entityTypes.keys.first(where: { definition.commonTypes[$0] != nil }) {
                throw CedarError(.schema, "`\(both)` is an entity type and a common type, which Cedar syntax cannot tell apart")
            }
            for (type, declaration) in definition.entityTypes {
                guard case .standard(_, let shape, _) = declaration.kind else { continue }
                if case .record = shape { continue }
                throw CedarError(.schema, "the shape of `\(type)` is no record, which Cedar syntax cannot say")
            }
        }
        var printer = SchemaPrinter()
        for (index, (name, definition)) in namespaces.enumerated() {
            printer.write(definition, namespace: name)
            if index < namespaces.count - 1 { printer.text += "\n" }
        }
        return printer.text
    }
}

/// Writes a schema in Cedar syntax as the reference does.
private struct SchemaPrinter {
    var text = ""

    mutating func write(_ definition: NamespaceDefinition, namespace: String?) {
        guard let namespace else { return write(definition, indent: "") }
        write(definition.annotations, indent: "")
        text += "namespace \(namespace) {\n"
        write(definition, indent: "  ")
        text += "}\n"
    }

    private mutating func write(_ definition: NamespaceDefinition, indent: String) {
        var rest = definition.commonTypes.count + definition.entityTypes.count + definition.actions.count
        func end() -> String {
            rest -= 1
            return rest > 0 ? ";\n\n" : ";\n"
        }
        for (name, declaration) in definition.commonTypes.sorted(by: { $0.key < $1.key }) {
            write(declaration.annotations, indent: indent)
            text += "\(indent)type \(name) = "
            write(declaration.type, indent: indent)
            text += end()
        }
        for (name, declaration) in definition.entityTypes.sorted(by: { $0.key < $1.key }) {
            write(declaration.annotations, indent: indent)
            text += "\(indent)entity \(name)"
            write(declaration, indent: indent)
            text += end()
        }
        for (name, declaration) in definition.actions.sorted(by: { $0.key < $1.key }) {
            write(declaration.annotations, indent: indent)
            text += "\(indent)action \(name.quoted)"
            write(declaration, indent: indent)
            text += end()
        }
    }

    private mutating func write(_ annotations: SchemaAnnotations, indent: String) {
        for (key, value) in annotations.sorted {
            text += "\(indent)@\(key)" + (value.map { "(\($0.quoted))" } ?? "") + "\n"
        }
    }

    private mutating func write(_ declaration: EntityTypeDeclaration, indent: String) {
        switch declaration.kind {
        case .enumeration(let choices): text += " enum [\(choices.map(\.quoted).joined(separator: ", "))]"
        case .standard(let parents, let shape, let tags):
            if !parents.isEmpty { text += " in [\(parents.joined(separator: ", "))]" }
            if !shape.isEmptyRecord {
                text += " = "
                write(shape, indent: indent)
            }
            if let tags {
                text += " tags "
                write(tags, indent: "")
            }
        }
    }

    private mutating func write(_ declaration: ActionDeclaration, indent: String) {
        if let parents = declaration.parents, !parents.isEmpty {
            let names = parents.map { parent in
                parent.type.map { "\($0)::\(parent.id.quoted)" } ?? parent.id.quoted
            }
            text += " in [\(names.joined(separator: ", "))]"
        }
        guard let applies = declaration.appliesTo, !applies.principals.isEmpty, !applies.resources.isEmpty else { return }
        let inner = indent + "  "
        text += " appliesTo {\n\(inner)principal: [\(applies.principals.joined(separator: ", "))],"
        text += "\n\(inner)resource: [\(applies.resources.joined(separator: ", "))],\n\(inner)context: "
        if applies.context.isEmptyRecord { text += "{}" } else { write(applies.context, indent: inner) }
        text += "\n\(indent)}"
    }

    private mutating func write(_ type: TypeExpression, indent: String) {
        switch type {
        case .bool: text += "__cedar::Bool"
        case .long: text += "__cedar::Long"
        case .string: text += "__cedar::String"
        case .extension(let name): text += "__cedar::\(name)"
        case .entity(let name), .entityOrCommon(let name), .common(let name): text += name
        case .set(let element):
            text += "Set<"
            write(element, indent: indent)
            text += ">"
        case .record(let attributes): write(attributes, indent: indent)
        }
    }

    private mutating func write(_ attributes: [Text: AttributeDeclaration], indent: String) {
        let inner = indent + "  "
        text += attributes.isEmpty ? "{" : "{\n"
        for (index, (name, attribute)) in attributes.sorted(by: { $0.key < $1.key }).enumerated() {
            write(attribute.annotations, indent: inner)
            text += inner + (Identifiers.isPlainKey(name.string) ? name.string : name.quoted)
            text += attribute.isRequired ? ": " : "?: "
            write(attribute.type, indent: inner)
            text += index < attributes.count - 1 ? ",\n" : "\n"
        }
        text += indent + "}"
    }
}
