import ECMARegex
import StrictJSON

/// A compiled set of schemas: flat arrays of plain values, shared by every validation.
///
/// A schema is a header and a run of operations, grouped by the kind of value they look at, so that a string never
/// meets an operation on arrays.
final class Program: Sendable {
    let headers: Pool<Header>
    let operations: Pool<Operation>
    /// Lists of schema numbers and other small integers that operations point into.
    let integers: Pool<Int32>
    let objects: Pool<ObjectPlan>
    let slots: Pool<PropertySlot>
    /// Hash table of slots: number of a slot plus one, 0 for none.
    let buckets: Pool<UInt16>
    /// Names of properties, each followed by eight zero bytes or another name.
    let names: Pool<UInt8>
    let numbers: [Bound]
    /// The same numbers in short form, where they have one.
    let bounds: Pool<ShortBound>
    let regexes: [ECMARegex]
    /// The automata of the regexes.
    let matchers: Pool<AutomatonView>
    let texts: [String]
    /// The values of `const` and `enum`, as elements of one array.
    let constants: JSONDocument
    /// Entry of each constant in ``constants``.
    let constantEntries: Pool<Int32>
    let locations: [KeywordLocation]
    /// For each dynamic name and resource: the schema, or -1.
    let dynamicTargets: [[Int32]]
    /// Whether the dynamic scope must be followed at all.
    let usesDynamicScope: Bool
    let resourceURIs: [String]

    init(_ parts: ProgramParts, constants: JSONDocument) {
        headers = Pool(parts.headers)
        operations = Pool(parts.operations)
        integers = Pool(parts.integers)
        objects = Pool(parts.objects)
        slots = Pool(parts.slots)
        buckets = Pool(parts.buckets)
        names = Pool(parts.names + [UInt8](repeating: 0, count: 8))
        numbers = parts.numbers
        bounds = Pool(parts.numbers.map { ShortBound($0.text) })
        matchers = Pool(parts.regexes.map(\.automaton))
        constantEntries = Pool(constants.root.elements.map { Int32($0.index) })
        regexes = parts.regexes
        texts = parts.texts
        locations = parts.locations
        dynamicTargets = parts.dynamicTargets
        usesDynamicScope = parts.usesDynamicScope
        resourceURIs = parts.resourceURIs
        self.constants = constants
    }
}

/// What the compiler collects.
struct ProgramParts {
    var headers: [Header] = []
    var operations: [Operation] = []
    var integers: [Int32] = []
    var objects: [ObjectPlan] = []
    var slots: [PropertySlot] = []
    var buckets: [UInt16] = []
    var names: [UInt8] = []
    var numbers: [Bound] = []
    var regexes: [ECMARegex] = []
    var texts: [String] = []
    var constants: [JSONValue] = []
    var locations: [KeywordLocation] = []
    var dynamicTargets: [[Int32]] = []
    var usesDynamicScope = false
    var resourceURIs: [String] = []
}

/// One compiled schema.
struct Header: BitwiseCopyable, Sendable {
    /// Bit of each allowed kind, and of integers.
    var types: UInt8 = Header.everyType
    var flags: UInt8 = 0
    /// The resource the schema stands in.
    var resource: UInt16 = 0
    /// Operations on every value begin here, …
    var start: UInt32 = 0
    /// … and end here; then come those on numbers, …
    var anyEnd: UInt32 = 0
    var numberEnd: UInt32 = 0
    var stringEnd: UInt32 = 0
    var arrayEnd: UInt32 = 0
    /// … objects, and last those that need what others have seen.
    var objectEnd: UInt32 = 0
    var lateEnd: UInt32 = 0
    /// Place of `type` (or of a `false` schema) for messages.
    var location: UInt32 = 0

    static let everyType: UInt8 = 0b0011_1111
    /// Set in ``types`` where only whole numbers are allowed.
    static let integerType: UInt8 = 0b0100_0000
    /// In ``flags``: the schema tracks what its parts have evaluated.
    static let tracks: UInt8 = 1
    /// In ``flags``: the schema is `false`.
    static let isFalse: UInt8 = 2
    /// In ``flags``: integers are those written without fraction (draft 4).
    static let plainIntegers: UInt8 = 4
}

/// One step of a schema.
struct Operation: BitwiseCopyable, Sendable {
    var code: Code
    /// Bit 0 on `contains`: what it finds counts as evaluated.
    var flags: UInt8 = 0
    var a: Int32 = 0
    var b: Int32 = 0
    var c: Int32 = 0
    /// Number of the keyword's place.
    var location: UInt32 = 0

    enum Code: UInt8, Sendable, BitwiseCopyable {
        // Every value. a: schema, or start of a list with b entries.
        case constant, enumeration, reference, dynamicReference, allOf, anyOf, oneOf, not, ifThenElse
        // Numbers. a: number.
        case minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf
        // Strings. a: limit, regex, format or text.
        case minLength, maxLength, pattern, format, contentEncoding, contentMediaType
        // Arrays. a: limit or schema.
        case minItems, maxItems, uniqueItems, prefixItems, items, contains
        // Objects. a: limit, plan or schema.
        case minProperties, maxProperties, object, propertyNames, dependentRequired, dependentSchema
        // After all others. a: schema.
        case unevaluatedItems, unevaluatedProperties
    }
}

/// What `properties`, `patternProperties`, `additionalProperties` and `required` of one schema come to.
struct ObjectPlan: BitwiseCopyable, Sendable {
    var firstSlot: UInt32 = 0
    var slotCount: UInt32 = 0
    var firstBucket: UInt32 = 0
    var bucketMask: UInt32 = 0
    /// Where pairs of regex and schema stand among the integers.
    var firstPattern: UInt32 = 0
    var patternCount: UInt32 = 0
    /// Schema for what matches neither; -1 for none.
    var additional: Int32 = -1
    /// Number of required names. The first 64 have a bit, the rest are looked up one by one.
    var requiredCount: UInt32 = 0
    var requiredMask: UInt64 = 0
    var propertiesLocation: UInt32 = 0
    var patternsLocation: UInt32 = 0
    var additionalLocation: UInt32 = 0
    var requiredLocation: UInt32 = 0
}

/// A name that an object plan knows.
struct PropertySlot: BitwiseCopyable, Sendable {
    var hash: UInt16
    /// Number among the required names; -1 for optional ones.
    var required: Int16 = -1
    var nameStart: UInt32
    var nameLength: UInt32
    /// Schema of the value; -1 for none.
    var schema: Int32 = -1
}

/// A number a value is compared with.
struct Bound: Sendable {
    var decimal: JSONDecimal
    var text: String
}

/// A number of few digits: `digits` divided by ten to the power of `scale`.
struct ShortBound: BitwiseCopyable, Sendable {
    var digits: Int64
    /// Negative where the number has no short form.
    var scale: Int32

    init(digits: Int64, scale: Int32) {
        self.digits = digits
        self.scale = scale
    }

    /// A number's text, where it has at most 18 characters and no exponent.
    init(_ text: String) {
        let point = text.utf8.firstIndex(of: UInt8(ascii: "."))
        let fraction = point.map { text.utf8.distance(from: $0, to: text.utf8.endIndex) - 1 } ?? 0
        guard text.utf8.count <= 18, let digits = Int64(text.filter { $0 != "." }) else {
            self.init(digits: 0, scale: -1)
            return
        }
        self.init(digits: digits, scale: Int32(fraction))
    }

    /// Both numbers' digits at the larger scale.
    static func aligned(_ a: ShortBound, _ b: ShortBound) -> (Int128, Int128) {
        let scale = max(a.scale, b.scale)
        return (Int128(a.digits) * powerOfTen(scale - a.scale), Int128(b.digits) * powerOfTen(scale - b.scale))
    }

    private static func powerOfTen(_ exponent: Int32) -> Int128 {
        var power: Int128 = 1
        for _ in 0..<exponent { power *= 10 }
        return power
    }
}

/// Where a keyword stands.
struct KeywordLocation: Sendable {
    /// Number of the resource.
    var resource: UInt32
    /// Pointer from the resource's root to the schema that holds the keyword.
    var schemaPointer: String
    /// The keyword; empty for the schema itself.
    var keyword: String
}

/// An immutable array without reference counting on access.
@safe
final class Pool<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {  // never written after construction
    private let base: UnsafeMutablePointer<Element>
    let count: Int

    init(_ elements: [Element]) {
        count = elements.count
        unsafe base = .allocate(capacity: max(elements.count, 1))
        for (index, element) in elements.enumerated() { unsafe (base + index).initialize(to: element) }
    }

    deinit { unsafe base.deallocate() }

    @inline(__always)
    subscript(index: Int) -> Element {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "no such element")
        return unsafe base[index]
    }

    /// The memory, for comparisons of bytes.
    @unsafe
    var start: UnsafePointer<Element> { unsafe UnsafePointer(base) }
}
