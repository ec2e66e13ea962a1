/// A type as the schema and the validator know it.
package indirect enum CedarType: Hashable, Sendable {
    /// The type of no value.
    case never
    case bool
    /// Bool that is always true, or always false.
    case constant(Bool)
    case long, string
    /// Any entity.
    case anyEntity
    /// An entity of one of these types, sorted and never empty.
    case entity([Text])
    /// A set of anything.
    case anySet
    case set(CedarType)
    case record(RecordType)
    case `extension`(ExtensionType)

    package static func entity(_ name: Text) -> CedarType { .entity([name]) }

    /// Any record.
    static let anyRecord = CedarType.record(RecordType(attributes: [:], isOpen: true))

    /// True for Bool and its constants.
    var isBool: Bool {
        switch self {
        case .bool, .constant: true
        default: false
        }
    }
}

package struct RecordType: Hashable, Sendable {
    package var attributes: [Text: AttributeType]
    /// Whether other attributes may be there.
    package var isOpen = false
}

package struct AttributeType: Hashable, Sendable {
    package var type: CedarType
    package var isRequired: Bool

    package init(type: CedarType, isRequired: Bool) {
        self.type = type
        self.isRequired = isRequired
    }
}

extension CedarType: CustomStringConvertible {
    package var description: String {
        switch self {
        case .never: "__cedar::internal::Never"
        case .bool: "Bool"
        case .constant(let value): value ? "__cedar::internal::True" : "__cedar::internal::False"
        case .long: "Long"
        case .string: "String"
        case .anyEntity: "__cedar::internal::AnyEntity"
        case .entity(let names):
            names.count == 1 ? names[0].string : "__cedar::internal::Union<\(names.map(\.string).joined(separator: ", "))>"
        case .anySet: "Set<__cedar::internal::Any>"
        case .set(let element): "Set<\(element)>"
        case .record(let record):
            (record.isOpen ? "__cedar::internal::OpenRecord" : "") + "{"
                + record.attributes.sorted { $0.key < $1.key }
                .map { "\($0.key)\($0.value.isRequired ? "" : "?"): \($0.value.type)," }.joined() + "}"
        case .extension(let type): type.rawValue
        }
    }
}
