import StrictJSON

/// Compiles any text as a schema and validates a part of itself with it; must return for every input.
///
/// The verdict and the list of errors must agree; a difference stops the program.
package func fuzzJSONSchema(_ bytes: [UInt8]) {
    guard let document = try? JSONDocument(bytes) else { return }
    var options = SchemaOptions()
    options.assertsFormats = true
    options.assertsContent = true
    options.steps = 10_000
    options.regexSteps = 10_000
    for dialect in [Dialect.draft202012, .draft201909, .draft7, .draft4, .openAPI30] {
        options.dialect = dialect
        guard let schema = try? JSONSchema(document, options: options) else { continue }
        for value in [document.root] + Array(document.root.elements) + document.root.members.map(\.value) {
            let isValid = schema.isValid(value)
            precondition(isValid == schema.errors(in: value).isEmpty, "the verdict and the list of errors disagree")
            _ = schema.output(.detailed, for: value)
        }
    }
}

/// Checks any bytes against every format; must return for every input.
package func fuzzFormats(_ bytes: [UInt8]) {
    let text = Array(String(decoding: bytes, as: UTF8.self).utf8)
    for format in Format.allCases { _ = unsafe text.withUnsafeBufferPointer { unsafe format.allows($0) } }
}
