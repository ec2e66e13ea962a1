import GatehouseConfiguration
import GatehouseCore
import HTTPWire
import Testing

@testable import GatehouseGuards

@Suite struct LeakSignatureTests {
    private let errors = ErrorGuard(ErrorsGuardSettings())

    @Test(arguments: [
        ("private_key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE"), ("private_key", "-----BEGIN OPENSSH PRIVATE KEY-----"),
        ("cloud_key", "key=AKIAIOSFODNN7EXAMPLE"), ("cloud_key", "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("cloud_key", "AIzaSyA1234567890abcdefghijklmnopqrstuv"), ("service_token", "ghp_0123456789abcdefghijABCDEFGHIJ012345"),
        ("service_token", "sk_live_0123456789abcdef"), ("connection_string", "could not connect to postgres://app:hunter2@db:5432/shop"),
        ("password_file", "root:x:0:0:root:/root:/bin/bash"),
        ("sql_mysql", "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server"),
        ("sql_mysql", "SQLSTATE[42S02]: Base table or view not found"), ("sql_mysql", "Unknown column 'pric' in 'field list'"),
        ("sql_postgresql", "ERROR: syntax error at or near \"'\"\nLINE 1"), ("sql_postgresql", "org.postgresql.util.PSQLException: FATAL"),
        ("sql_postgresql", "duplicate key value violates unique constraint \"users_email_key\""),
        ("sql_postgresql", "invalid input syntax for type integer: \"1'\""), ("sql_oracle", "ORA-00933: SQL command not properly ended"),
        ("sql_server", "Unclosed quotation mark after the character string ''."), ("sql_server", "Incorrect syntax near 'x'."),
        ("sql_sqlite", "sqlite3.OperationalError: near \"FROM\": syntax error"), ("sql_sqlite", "no such table: users"),
        ("database", "E11000 duplicate key error collection: shop.users"), ("database", "(sqlalchemy.exc.DataError)"),
        ("trace_java", "\tat com.shop.Cart.total(Cart.java:42)"), ("trace_java", "at java.base/java.lang.Thread.run(Thread.java:829)"),
        ("trace_java", "at sun.reflect.NativeMethodAccessorImpl.invoke0(Native Method)"),
        ("trace_java", "Caused by: java.lang.NullPointerException"),
        ("trace_java", "at com.shop.Item.<init>(Item.kt:7)"),
        ("trace_dotnet", "   at Shop.Cart.Total() in C:\\src\\Cart.cs:line 42"), ("trace_dotnet", "System.NullReferenceException: Object"),
        ("trace_dotnet", "<title>Server Error in '/' Application</title>"),
        ("trace_php", "<b>Warning</b>:  mysqli_connect(): (HY000) in <b>/var/www/html/db.php</b> on line <b>3</b>"),
        ("trace_php", "PHP Fatal error:  Uncaught Error: Call to undefined function x()"), ("trace_php", "#0 /app/index.php(12): total()"),
        ("trace_python", "Traceback (most recent call last):"), ("trace_python", "File &quot;/srv/app.py&quot;, line 42, in total"),
        ("trace_python", "{\"e\":\"File \\\"/srv/app.py\\\", line 42, in total\"}"),
        ("trace_python", "werkzeug.exceptions.BadRequestKeyError"),
        ("trace_ruby", "app/models/cart.rb:42:in `total'"), ("trace_ruby", "cart.rb:42:in 'Cart#total'"),
        ("trace_ruby", "undefined method `price' for nil:NilClass"), ("trace_ruby", "ActionController::RoutingError"),
        ("trace_node", "TypeError: x is not a function\n    at total (/srv/app/cart.js:42:13)"),
        ("trace_node", "at async Server.<anonymous> (file:///srv/app.mjs:4:2)"),
        ("trace_node", "at node:internal/process/task_queues:95:5"),
        ("trace_node", "Cannot read properties of undefined (reading 'price')"), ("trace_node", "at Cart.total (C:\\app\\cart.ts:4:2)"),
        ("trace_go", "goroutine 1 [running]:\nmain.main()"), ("trace_go", "\t/srv/cart.go:42 +0x1d"),
        ("trace_go", "runtime error: invalid memory address or nil pointer dereference"),
        ("trace_go", "dial tcp 10.0.0.7:5432: connect: connection refused"),
        ("trace_rust", "thread 'main' panicked at src/main.rs:4:5:"), ("trace_rust", "called `Option::unwrap()` on a `None` value"),
        ("trace_swift", "Shop/Cart.swift:42: Fatal error: Index out of range"),
        ("trace_swift", "keyNotFound(CodingKeys(stringValue: \"price\", intValue: nil)"),
        ("trace_perl", "Can't call method \"price\" on undefined at /srv/cart.pl line 42."),
        ("trace_elixir", "** (KeyError) key :price not found"),
        ("trace_native", "terminate called after throwing an instance of 'std::bad_alloc'"),
        ("trace_json", "{\"message\":\"x\",\"stackTrace\":[\"a\"]}"), ("file_path", "open /home/deploy/shop/cart.py: line 42"),
        ("file_path", "C:\\inetpub\\wwwroot\\shop"), ("file_path", "include(/var/www/html/inc/db.php)"),
    ])
    func whatLeaksIsFound(name: String, text: String) {
        #expect(errors.signatures(in: Array(text.utf8)).contains(name))
    }

    @Test(arguments: [
        "{\"error\":\"not found\",\"path\":\"/items/42\"}", "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404}",
        "<html><head><script src=\"/app/main.js\"></script></head><body><h1>404</h1>The page /home/index.php was not found.</body></html>",
        "Cannot GET /items", "{\"trace\":\"4bf92f3577b34da6a3ce929d0e0e4736\"}",
        "{\"traceId\":\"00-abc-01\",\"errors\":{\"Name\":[\"required\"]}}",
        "The aura- of the flora-12345 was orange", "Use perl, python, or ruby. An exception was made at noon (see line 4).",
        "We keep our backend in Go; panic is not an option.", "postgres://localhost/shop is a URL without a password",
        "{\"code\":\"E1100\",\"message\":\"duplicate entry\"}", "Warning: this item is out of stock",
        "{\"stack\":\"mean\",\"backtrace\":null}",
        "Email support@example.com at any time: we answer in 4:30 hours", "Column 'price' must be a number (row 7)",
    ])
    func ordinaryAnswersAreNoLeak(text: String) { #expect(errors.signatures(in: Array(text.utf8)) == []) }

    @Test func everySignatureHasAnotherName() {
        #expect(LeakSignature.all.map(\.kind) == LeakKind.allCases)
    }
}

@Suite struct ProblemRendererTests {
    private func request(_ accept: String?) -> RequestHead {
        var head = RequestHead()
        if let accept { head.fields.append(.accept, accept) }
        return head
    }

    private let incident = IncidentID(text: "00112233445566778899aabbccddeeff")!

    @Test func aDocumentSaysWhatRFC9457Wants() {
        let problem = Problem(
            status: 422, detail: "A \"value\" is wrong.",
            errors: [Problem.Violation(location: "body", pointer: "/a", keyword: "maxLength", message: "too long")])
        let rendered = ProblemRenderer(typeBase: "https://x.example/p").render(problem, incident: incident, request: request("*/*"))
        #expect(rendered.mediaType == "application/problem+json")
        #expect(
            String(decoding: rendered.body, as: UTF8.self)
                == "{\"type\":\"https://x.example/p/422\",\"title\":\"Unprocessable Content\",\"status\":422,"
                + "\"detail\":\"A \\\"value\\\" is wrong.\",\"instance\":\"urn:uuid:00112233-4455-6677-8899-aabbccddeeff\","
                + "\"incident\":\"00112233445566778899aabbccddeeff\","
                + "\"errors\":[{\"location\":\"body\",\"pointer\":\"/a\",\"keyword\":\"maxLength\",\"detail\":\"too long\"}]}")
    }

    @Test(
        arguments: [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", true), ("text/html", true),
            ("*/*", false), (nil, false), ("application/json", false), ("application/json, text/html", false),
            ("text/html;q=0.9, application/json;q=0.5", true), ("text/html;q=0.1, */*", false), ("text/html;q=0", false),
            ("text/html;q=bogus", false), ("TEXT/HTML", true), ("application/xhtml+xml, */*;q=0.1", true),
        ] as [(String?, Bool)])
    func browsersGetAPage(accept: String?, isPage: Bool) {
        let rendered = ProblemRenderer().render(Problem(status: 404), incident: incident, request: request(accept))
        #expect(rendered.mediaType.hasPrefix("text/html") == isPage)
        #expect(
            !ProblemRenderer(offersHTML: false).render(Problem(status: 404), incident: incident, request: request(accept)).mediaType
                .hasPrefix("text/html"))
    }

    @Test func aPageEscapesWhatItShows() {
        let problem = Problem(status: 400, title: "<script>", detail: "a & 'b'")
        let page = String(
            decoding: ProblemRenderer().render(problem, incident: incident, request: request("text/html")).body, as: UTF8.self)
        #expect(page.contains("<h1>400 &lt;script&gt;</h1>"))
        #expect(page.contains("<p>a &amp; &#39;b&#39;</p>"))
        #expect(page.contains("<code>00112233445566778899aabbccddeeff</code>"))
    }
}

@Suite struct FalseAlarmTests {
    /// Descriptions of all installed packages: some thousand paragraphs of prose about software, none of it a leak.
    @Test(.enabled(if: DebianPackages.isHere, "no Debian package list on this machine"))
    func descriptionsOfSoftwareAreNoLeaks() {
        let errors = ErrorGuard(ErrorsGuardSettings())
        let paragraphs = DebianPackages.descriptions()
        let alarms = paragraphs.map { errors.signatures(in: Array($0.utf8)) }.enumerated().filter { !$0.element.isEmpty }
        #expect(paragraphs.count > 50)
        #expect(alarms.count * 1000 <= paragraphs.count, "\(alarms.prefix(5).map { ($0.element, paragraphs[$0.offset].prefix(2000)) })")
    }
}
