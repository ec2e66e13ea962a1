internal import HTTPWire

/// What an answer is to a browser, which decides the set of headers that it gets.
enum ContentKind: Int, CaseIterable {
    /// Data: JSON, XML, plain text, streams, and whatever names no type. No browser shows it, so nothing may load or frame.
    case api
    /// A page.
    case html
    /// A part of a page: script, style, image, font, sound, film.
    case asset
    /// A file that is saved, not shown.
    case download

    /// The kind of the answer of an exchange, from its Content-Disposition and Content-Type; of a 304 from what was asked for.
    init(_ exchange: Exchange, _ present: KnownFieldSet) {
        let fields = exchange.response.fields
        if present.contains(.contentDisposition), let index = fields.firstIndex(of: .contentDisposition),
            startsWith(fields.valueBytes(at: index), "attachment")
        {
            self = .download
        } else if present.contains(.contentType), let index = fields.firstIndex(of: .contentType) {
            self.init(mediaType: fields.valueBytes(at: index))
        } else if exchange.response.status == 304 {
            self.init(askedBy: exchange.request.fields)
        } else {
            self = .api
        }
    }

    /// The kind of a Content-Type's value.
    init(mediaType value: ArraySlice<UInt8>) {
        switch (value.first ?? 0) | 0x20 {
        case UInt8(ascii: "t"): self.init(text: value)
        case UInt8(ascii: "a"): self.init(application: value)
        case UInt8(ascii: "i"): self = startsWith(value, "image/") ? .asset : .api
        case UInt8(ascii: "f"): self = startsWith(value, "font/") ? .asset : .api
        case UInt8(ascii: "v"): self = startsWith(value, "video/") ? .asset : .api
        default: self = .api
        }
    }

    private init(text value: ArraySlice<UInt8>) {
        if startsWith(value, "text/html") {
            self = .html
        } else if startsWith(value, "text/css") || startsWith(value, "text/javascript") || startsWith(value, "text/ecmascript") {
            self = .asset
        } else {
            self = .api
        }
    }

    private init(application value: ArraySlice<UInt8>) {
        if startsWith(value, "application/json") {
            self = .api
        } else if startsWith(value, "application/xhtml") {
            self = .html
        } else if startsWith(value, "application/javascript") || startsWith(value, "application/x-javascript")
            || startsWith(value, "application/ecmascript") || startsWith(value, "application/wasm")
            || startsWith(value, "application/font") || startsWith(value, "application/x-font")
            || startsWith(value, "application/manifest+json") || startsWith(value, "audio/")
        {
            self = .asset
        } else {
            self = .api
        }
    }

    /// A 304 names no type, and what it says replaces what a cache holds, so the kind is that of the question.
    private init(askedBy fields: FieldBlock) {
        if let index = fields.firstIndex(of: .secFetchDest) {
            let destination = fields.valueBytes(at: index)
            if startsWith(destination, "document") || startsWith(destination, "iframe") || startsWith(destination, "frame") {
                self = .html
            } else {
                self = startsWith(destination, "empty") ? .api : .asset
            }
        } else if let index = fields.firstIndex(of: .accept) {
            let accept = fields.valueBytes(at: index)
            self = startsWith(accept, "text/html") ? .html : startsWith(accept, "application/json") ? .api : .asset
        } else {
            self = .asset
        }
    }
}

/// True when the bytes begin with a lower-case word, letters compared without case.
@inline(__always)
func startsWith(_ bytes: ArraySlice<UInt8>, _ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard bytes.count >= count else { return false }
    let start = bytes.startIndex
    return word.withUTF8Buffer { word in
        for index in 0..<count where unsafe lowercased(bytes[start + index]) != word[index] { return false }
        return true
    }
}

/// The byte, as a lower-case letter if it is a letter.
@inline(__always)
func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
