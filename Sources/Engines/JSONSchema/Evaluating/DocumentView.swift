import StrictJSON

/// A document's entries and text without its reference count. Valid while the document lives, which the holder sees to.
@safe
struct DocumentView: @unchecked Sendable {  // the memory never changes
    private let entries: UnsafePointer<JSONEntry>
    private let text: UnsafePointer<UInt8>
    private let count: Int

    init(_ document: JSONDocument) {
        unsafe entries = document.entryMemory
        unsafe text = document.textMemory
        count = document.count
    }

    /// The entry at `index`; a wrong index stops the program.
    @inline(__always)
    subscript(entry index: Int) -> JSONEntry {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "no such entry")
        return unsafe entries[index]
    }

    /// Index of the entry that follows a value and all inside it.
    @inline(__always)
    func next(after index: Int) -> Int {
        let entry = self[entry: index]
        return entry.isContainer ? Int(entry.link) : index + 1
    }

    /// The bytes of a string or number; eight more can be read.
    @unsafe
    @inline(__always)
    func bytes(of entry: JSONEntry) -> UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: text + Int(entry.link), count: Int(entry.length))
    }
}
