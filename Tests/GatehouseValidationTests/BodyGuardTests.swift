import GatehouseConfiguration
import GatehouseCore
import GatehouseGuards
import GatehouseTesting
import HTTPWire
import NIOCore
import OpenAPI
import Testing

@testable import GatehouseValidation

@Suite struct BodyGuardTests {
    private func rule(
        _ body: String, as type: String, coding: String? = nil, _ change: (inout BodiesGuardSettings) -> Void = { _ in }
    ) -> String {
        var settings = BodiesGuardSettings()
        change(&settings)
        let house = TestHouse([BodyGuard(settings)])
        let exchange = house.exchange(.post, "/", ["content-type": type])
        if let coding { exchange.request.fields.append(.contentEncoding, coding) }
        exchange.request.framing = .length(body.utf8.count)
        let head = house.request(exchange)
        if let refusal = head.refusal { return refusal.rule }
        return house.requestBody(exchange, Array(body.utf8)).refusal?.rule ?? "pass"
    }

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, "json_duplicate_key"), ("{\"a\":NaN}", "json_not_a_number"), (#"{"a":"\ud800"}"#, "json_lone_surrogate"),
        ("\u{feff}{}", "json_byte_order_mark"), ("{} {}", "json_trailing_bytes"), ("{\"a\":1e999}", "json_number_range"),
        (String(repeating: "[", count: 100), "json_depth_limit"), ("", "pass"), ("[1,2]", "pass"), ("{\"a\":01}", "json_invalid_number"),
        ("/*x*/{}", "json_comment"),
    ])
    func `JSON with two readings is refused`(body: String, expected: String) {
        #expect(rule(body, as: "application/json") == expected)
        #expect(rule(body, as: "application/merge-patch+json; charset=UTF-8") == expected)
    }

    @Test(arguments: [
        ("<a/>", "pass"), ("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "xml"), ("<a><b></a>", "xml"),
        (String(repeating: "<a>", count: 100), "xml_limit"),
    ])
    func `XML that reaches outside is refused`(body: String, expected: String) {
        #expect(rule(body, as: "application/xml") == expected)
        #expect(rule(body, as: "application/soap+xml") == expected)
    }

    @Test(arguments: [("a=1&b=%C3%A9", "pass"), ("a=%zz", "form"), ("a=%ff", "form"), ("a=%00", "form"), ("a%00=1", "form")])
    func `forms must decode`(body: String, expected: String) {
        #expect(rule(body, as: "application/x-www-form-urlencoded") == expected)
    }

    @Test func `charsets and codings that nobody reads are refused`() {
        #expect(rule("{}", as: "application/json; charset=utf-16") == "charset")
        #expect(rule("{}", as: "application/json; charset=utf-7") == "charset")
        #expect(rule("{}", as: "application/json", coding: "zstd") == "content_coding")
        #expect(rule("{}", as: "application/json", coding: "gzip") == "content_coding")
        #expect(rule("{}", as: "application json") == "content_type")
    }

    @Test func `limits are those of the settings`() {
        #expect(rule(#"{"a":1,"a":2}"#, as: "application/json") { $0.refusesDuplicateKeys = false } == "pass")
        #expect(rule("[[[1]]]", as: "application/json") { $0.depth = 2 } == "json_depth_limit")
        #expect(rule("a=1&b=2", as: "application/x-www-form-urlencoded") { $0.fields = 1 } == "form_limit")
        #expect(rule("[" + String(repeating: " ", count: 2000) + "]", as: "application/json") { $0.limit = ByteCount(1024) } == "body_length")
        let long = "[" + String(repeating: " ", count: 2000)
        #expect(rule(long, as: "application/json") { ($0.limit, $0.mode) = (ByteCount(1024), .report) } == "length")
    }

    @Test func `other media types are not looked at`() {
        #expect(rule("{", as: "text/plain") == "pass")
        #expect(rule("{", as: "application/octet-stream") == "pass")
        #expect(rule("{", as: "image/svg+xml") == "xml")
    }
}

@Suite struct UploadScanTests {
    private func rule(_ body: String, piece: Int, _ change: (inout BodiesGuardSettings) -> Void = { _ in }) throws -> String {
        var settings = BodiesGuardSettings()
        change(&settings)
        let type = try #require(MediaType("multipart/form-data; boundary=B"))
        var scan = try #require(UploadScan(type, UploadRules(settings)))
        let bytes = Array(body.utf8)
        do throws(BodyFinding) {
            for start in stride(from: 0, to: bytes.count, by: piece) { try scan.read(bytes[start..<min(start + piece, bytes.count)]) }
            try scan.end()
            return "pass"
        } catch {
            return error.rule
        }
    }

    private func file(_ name: String, _ type: String = "text/plain", _ content: String = "hello") -> String {
        "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\(name)\"\r\nContent-Type: \(type)\r\n\r\n\(content)\r\n--B--\r\n"
    }

    @Test(arguments: [1, 2, 3, 7, 64, 10_000])
    func `a body is read the same in pieces of every size`(piece: Int) throws {
        let field = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--\r\n-Bx\r\n"
        #expect(try rule(field + file("cat.png", "image/png", "\u{89}PNG"), piece: piece) == "file_signature")
        #expect(try rule(field + file("notes.txt"), piece: piece) == "pass")
        #expect(try rule(file("notes.txt") + "x", piece: piece) == "multipart")
        #expect(try rule(String(file("notes.txt").dropLast(6)), piece: piece) == "multipart")
        #expect(try rule("x" + file("notes.txt"), piece: piece) == "multipart")
        #expect(try rule(file("a.pdf", "application/pdf", "%PDF-1.7 and more"), piece: piece) == "pass")
        #expect(try rule(file("a.pdf", "application/pdf", "<?php echo 1;"), piece: piece) == "file_signature")
    }

    @Test(arguments: [
        ("../../etc/passwd", "file_name"), ("..", "file_name"), ("a/b.txt", "file_name"), ("C:\\\\x.txt", "file_name"), ("a%2fb.txt", "file_name"),
        ("shell.php", "file_extension"), ("shell.php.jpg", "file_extension"), ("shell.PhP", "file_extension"), ("a.php .jpg", "file_extension"),
        (".htaccess", "file_extension"), ("a.asp;.jpg", "file_extension"), ("shell.php.", "file_name"), ("a.txt::$DATA", "file_name"),
        ("\u{202e}gpj.exe", "file_name"), ("résumé.pdf", "pass"), ("", "pass"), ("photo 1.jpg", "pass"), ("archive.tar.gz", "pass"),
    ])
    func `names that mean more than a name are refused`(name: String, expected: String) throws {
        #expect(try rule(file(name), piece: 50) == expected)
    }

    @Test func `limits and types are those of the settings`() throws {
        #expect(try rule(file("a.gif", "image/gif", "GIF89a and the rest"), piece: 9) { $0.uploadTypes = ["image/*"] } == "pass")
        #expect(try rule(file("a.txt"), piece: 9) { $0.uploadTypes = ["image/*"] } == "upload_type")
        #expect(try rule(file("a.txt"), piece: 9) { $0.partLimit = ByteCount(4) } == "part_length")
        #expect(try rule(file("a.php"), piece: 9) { $0.refusedExtensions = [] } == "pass")
        #expect(try rule(file("a.png", "image/png"), piece: 9) { $0.checksSignatures = false } == "pass")
        let field = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
        #expect(try rule(field + file("a.txt"), piece: 9) { $0.fields = 1 } == "multipart_limit")
    }
}
