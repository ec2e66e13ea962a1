/// Reads any bytes and walks what was read; must return for every input.
///
/// An accepted text must come out equal when its value is written and read again; a difference stops the program.
package func fuzzJSON(_ bytes: [UInt8]) {
    guard let document = try? JSONDocument(bytes) else { return }
    let value = document.root.value
    document.forEachFlattened { name, leaf in !name.isEmpty || leaf.index >= 0 }
    for format in [JSONFormat.compact, .pretty, JSONFormat(sortedKeys: true, safeInHTML: true)] {
        precondition((try? JSONValue(parsing: value.bytes(format))) == value, "a value changed in writing and reading")
    }
    precondition(JSONDocument(value).root.value == value, "a value changed in building")
}
