/// One `@operator` of the language with its argument.
protocol Operator: Sendable {
    /// What every value that the operator matches is bound to hold; the engine does not run the operator on values without it.
    var requirement: Requirement { get }

    /// Whether the operator says the same of a value each time, whatever the transaction holds besides.
    var dependsOnValueOnly: Bool { get }

    func evaluate(_ value: Slice, _ run: OperatorRun) -> OperatorVerdict
}

extension Operator {
    var requirement: Requirement { .none }
    var dependsOnValueOnly: Bool { false }
}

/// What an operator found.
enum OperatorVerdict {
    case match, noMatch
    /// The match limit was used up before there was an answer.
    case overLimit
    /// The time was used up before there was an answer.
    case overTime

    init(_ isMatch: Bool) { self = isMatch ? .match : .noMatch }
}

/// What an operator may use while it runs.
struct OperatorRun {
    let transaction: Transaction
    /// Whether the rule keeps what was matched in TX:0 to TX:9.
    let captures: Bool

    /// Notes the part of the value that matched, for the record and for `TX:0`.
    func note(_ part: Slice) {
        transaction.matchedPart = part
        guard captures else { return }
        transaction.setCapture(0, part)
        for index in 1..<MatchScratch.groups { transaction.clearCapture(index) }
    }
}

/// The operators by name.
enum Operators {
    typealias Maker = @Sendable (String, CompileContext) throws(Complaint) -> any Operator

    /// Makes the operator of a name; the case of letters does not count.
    ///
    /// - Throws: `Complaint` for a name that is unknown or cannot be enforced, and for an argument that makes no sense.
    static func make(_ name: String, _ argument: String, _ context: CompileContext) throws(Complaint) -> any Operator {
        let lower = name.lowercased()
        if let maker = makers[lower] { return try maker(argument, context) }
        if let why = refusals[lower] { throw Complaint("operator `@\(name)` is not available: \(why)") }
        throw Complaint("unknown operator `@\(name)`")
    }

    /// Every name there is, in lower case.
    static var names: [String] { makers.keys.sorted() }

    private static let makers: [String: Maker] = [
        "beginswith": { (argument, context) throws(Complaint) in try BeginsWith(argument, context) },
        "contains": { (argument, context) throws(Complaint) in try Contains(argument, context) },
        "containsword": { (argument, context) throws(Complaint) in try ContainsWord(argument, context) },
        "detectsqli": { (argument, context) throws(Complaint) in DetectSQLi() },
        "detectxss": { (argument, context) throws(Complaint) in DetectXSS() },
        "endswith": { (argument, context) throws(Complaint) in try EndsWith(argument, context) },
        "eq": { (argument, context) throws(Complaint) in try NumericComparison(.equal, argument, context) },
        "ge": { (argument, context) throws(Complaint) in try NumericComparison(.greaterOrEqual, argument, context) },
        "geolookup": { (argument, context) throws(Complaint) in GeoLookupOperator(context) },
        "gt": { (argument, context) throws(Complaint) in try NumericComparison(.greater, argument, context) },
        "ipmatch": { (argument, context) throws(Complaint) in try IPMatch(argument) },
        "ipmatchf": { (argument, context) throws(Complaint) in try IPMatch(file: argument, context) },
        "ipmatchfromfile": { (argument, context) throws(Complaint) in try IPMatch(file: argument, context) },
        "le": { (argument, context) throws(Complaint) in try NumericComparison(.lessOrEqual, argument, context) },
        "lt": { (argument, context) throws(Complaint) in try NumericComparison(.less, argument, context) },
        "nomatch": { (argument, context) throws(Complaint) in NoMatch() },
        "pm": { (argument, context) throws(Complaint) in try PhraseMatch(argument) },
        "pmf": { (argument, context) throws(Complaint) in try PhraseMatch(files: argument, context) },
        "pmfromfile": { (argument, context) throws(Complaint) in try PhraseMatch(files: argument, context) },
        "rbl": { (argument, context) throws(Complaint) in try BlockList(argument, context) },
        "rx": { (argument, context) throws(Complaint) in try RegexMatch(argument, context) },
        "rxglobal": { (argument, context) throws(Complaint) in try RegexMatch(argument, context) },
        "streq": { (argument, context) throws(Complaint) in try StringEqual(argument, context) },
        "strmatch": { (argument, context) throws(Complaint) in try StringMatch(argument, context) },
        "unconditionalmatch": { (argument, context) throws(Complaint) in UnconditionalMatch() },
        "validatebyterange": { (argument, context) throws(Complaint) in try ValidateByteRange(argument) },
        "validateurlencoding": { (argument, context) throws(Complaint) in ValidateURLEncoding() },
        "validateutf8encoding": { (argument, context) throws(Complaint) in ValidateUTF8Encoding() },
        "verifycc": { (argument, context) throws(Complaint) in try VerifyCreditCard(argument, context) },
        "verifycpf": { (argument, context) throws(Complaint) in try VerifyCPF(argument, context) },
        "verifyssn": { (argument, context) throws(Complaint) in try VerifySSN(argument, context) },
        "within": { (argument, context) throws(Complaint) in try Within(argument, context) },
    ]

    private static let refusals = [
        "fuzzyhash": "there is no ssdeep database",
        "gsblookup": "Google's lookup service of that form has ended",
        "inspectfile": "no program is run on uploads",
        "rsub": "bodies are not rewritten",
        "validatedtd": "no document type definitions are read",
        "validateschema": "no XML schemas are read",
        "validatehash": "links are not signed",
    ]
}
