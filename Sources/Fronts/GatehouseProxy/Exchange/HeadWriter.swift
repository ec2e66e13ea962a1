internal import HTTPWire
internal import NIOCore

/// Writes message heads as HTTP/1.1 (RFC 9112, sections 2 to 5).
enum HeadWriter {
    /// Writes the head of a request; Content-Length or Transfer-Encoding come from its framing.
    static func write(_ head: RequestHead, to out: inout ByteBuffer) {
        switch head.method {
        case .get: out.writeStaticString("GET ")
        case .post: out.writeStaticString("POST ")
        default:
            out.writeString(head.method.name)
            out.writeStaticString(" ")
        }
        out.writeBytes(head.target)
        out.writeStaticString(" HTTP/1.1\r\n")
        write(head.fields, to: &out)
        switch head.framing {
        case .length(let count): writeLength(count, to: &out)
        case .chunked: out.writeStaticString("transfer-encoding: chunked\r\n")
        default: break
        }
        out.writeStaticString("\r\n")
    }

    /// Writes the head of an answer without the empty line that ends it.
    static func writeOpen(_ head: ResponseHead, to out: inout ByteBuffer) {
        if head.status == 200 {
            out.writeStaticString("HTTP/1.1 200 OK\r\n")
        } else {
            out.writeStaticString("HTTP/1.1 ")
            out.writeString(String(head.status))
            out.writeStaticString(" ")
            out.writeString(ReasonPhrase.text(for: head.status))
            out.writeStaticString("\r\n")
        }
        write(head.fields, to: &out)
    }

    /// Writes a Content-Length line.
    static func writeLength(_ count: Int, to out: inout ByteBuffer) {
        out.writeStaticString("content-length: ")
        DecimalWriter.write(count, to: &out)
        out.writeStaticString("\r\n")
    }

    private static func write(_ fields: FieldBlock, to out: inout ByteBuffer) {
        fields.withEncodedRuns { out.writeBytes($0) }
    }
}

/// Writes numbers without a String in between.
enum DecimalWriter {
    static func write(_ number: Int, to out: inout ByteBuffer) {
        var digits: UInt64 = 0
        var count = 0
        var rest = number
        guard number < 100_000_000 else {
            out.writeString(String(number))
            return
        }
        repeat {
            digits = digits << 8 | UInt64(rest % 10 + 0x30)
            rest /= 10
            count += 1
        } while rest > 0
        for _ in 0..<count {
            out.writeInteger(UInt8(truncatingIfNeeded: digits))
            digits >>= 8
        }
    }
}

/// Writes bodies, as they are or in chunks (RFC 9112, section 7.1).
enum BodyWriter {
    /// Pieces up to this size are copied behind what is there, so that head and body leave in one write.
    private static let copied = 16 * 1024

    /// Adds a piece of a body; a large one is handed to `write` by itself, after what was there.
    static func write(_ body: ByteBuffer, chunked: Bool, to out: inout ByteBuffer, _ write: (ByteBuffer) -> Void) {
        guard body.readableBytes > 0 else { return }
        if chunked {
            out.writeString(String(body.readableBytes, radix: 16))
            out.writeStaticString("\r\n")
        }
        if body.readableBytes <= copied {
            out.writeImmutableBuffer(body)
        } else {
            if out.readableBytes > 0 {
                write(out)
                out.clear()
            }
            write(body)
        }
        if chunked { out.writeStaticString("\r\n") }
    }

    /// Ends a body of chunks.
    static func writeEnd(_ trailers: FieldBlock?, to out: inout ByteBuffer) {
        out.writeStaticString("0\r\n")
        trailers?.withEncodedRuns { out.writeBytes($0) }
        out.writeStaticString("\r\n")
    }
}

/// The registered reason phrases (RFC 9110, section 15).
enum ReasonPhrase {
    static func text(for status: Int) -> String { texts[status] ?? "" }

    private static let texts: [Int: String] = [
        100: "Continue", 101: "Switching Protocols", 102: "Processing", 103: "Early Hints", 200: "OK", 201: "Created",
        202: "Accepted", 203: "Non-Authoritative Information", 204: "No Content", 205: "Reset Content",
        206: "Partial Content", 207: "Multi-Status", 300: "Multiple Choices", 301: "Moved Permanently", 302: "Found",
        303: "See Other", 304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request",
        401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        406: "Not Acceptable", 407: "Proxy Authentication Required", 408: "Request Timeout", 409: "Conflict", 410: "Gone",
        411: "Length Required", 412: "Precondition Failed", 413: "Content Too Large", 414: "URI Too Long",
        415: "Unsupported Media Type", 416: "Range Not Satisfiable", 417: "Expectation Failed", 421: "Misdirected Request",
        422: "Unprocessable Content", 423: "Locked", 425: "Too Early", 426: "Upgrade Required", 428: "Precondition Required",
        429: "Too Many Requests", 431: "Request Header Fields Too Large", 451: "Unavailable For Legal Reasons",
        500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
        504: "Gateway Timeout", 505: "HTTP Version Not Supported",
    ]
}
