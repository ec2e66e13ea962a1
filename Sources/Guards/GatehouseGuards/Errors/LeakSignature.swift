internal import GatehouseConfiguration

/// Text that tells of a service's insides: a name, and patterns of which one is enough.
///
/// Patterns are written for the shape of what leaks ("Traceback (most recent call last)", "at a.b.C.d(C.java:1)"), not for words
/// that occur in ordinary prose.
struct LeakSignature: Sendable {
    /// What leaks, as events and `errors.ignore` name it.
    let kind: LeakKind
    /// Patterns in Hyperscan's syntax; `.` does not match a line's end.
    let patterns: [String]
    /// True for secrets, which are graver than insides.
    let isSecret: Bool

    init(_ kind: LeakKind, isSecret: Bool = false, _ patterns: [String]) {
        self.kind = kind
        self.patterns = patterns
        self.isSecret = isSecret
    }

    /// Every signature, in the order in which they are reported.
    static let all = secrets + databases + languages + files
}

extension LeakSignature {
    static let secrets = [
        LeakSignature(
            .privateKey, isSecret: true,
            [
                #"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----"#, #"PuTTY-User-Key-File-[23]:"#, #"AGE-SECRET-KEY-1[0-9A-Z]{58}"#,
            ]),
        LeakSignature(
            .cloudKey, isSecret: true,
            [
                #"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b"#, #"(?i)aws_?secret_?access_?key["']?\s*[=:]\s*["']?[A-Za-z0-9/+]{40}"#,
                #"\bAIza[0-9A-Za-z_-]{35}"#, #"\bya29\.[0-9A-Za-z_-]{20}"#, #""private_key_id"\s*:\s*"[0-9a-f]{40}""#,
                #"\bAccountKey=[A-Za-z0-9+/]{86}=="#, #"\bdop_v1_[a-f0-9]{64}"#,
            ]),
        LeakSignature(
            .serviceToken, isSecret: true,
            [
                #"\bgh[pousr]_[A-Za-z0-9]{36}"#, #"\bgithub_pat_[A-Za-z0-9_]{22}"#, #"\bglpat-[A-Za-z0-9_-]{20}"#,
                #"\bxox[abprs]-[0-9A-Za-z-]{10}"#, #"\b[sr]k_live_[0-9A-Za-z]{16}"#, #"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"#,
                #"\bnpm_[A-Za-z0-9]{36}"#, #"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{20}"#,
            ]),
        LeakSignature(
            .connectionString, isSecret: true,
            [
                #"(?i)\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql)://[^\s:@/"'<>]*:[^\s:@/"'<>]+@"#,
                #"(?i)(?:server|data source)=[^;\n]+;[^\n]*(?:password|pwd)=[^;\n]+"#,
            ]),
        LeakSignature(.passwordFile, isSecret: true, [#"\broot:[x*!]?:0:0:"#, #"\broot:\$[0-9a-z]+\$[^:\n]+:"#]),
    ]

    static let databases = [
        LeakSignature(
            .sqlMysql,
            [
                #"You have an error in your SQL syntax; check the manual"#, #"(?:MySQL|MariaDB) server version for the right syntax"#,
                #"\bmysqli?(?:_\w+)?\(\): "#, #"\bcom\.mysql\.(?:jdbc|cj)\."#, #"\bMySql(?:Exception\b|\.Data\.|Connector\.)"#,
                #"Unknown column '[^'\n]+' in '(?:field list|where clause|order clause|on clause|group statement)'"#,
                #"Duplicate entry '[^'\n]*' for key '"#, #"Table '[\w.$-]+' doesn't exist"#, #"SQLSTATE\[\w{5}\]"#,
                #"\bpymysql\.err\.|\bMySQLdb\.|mysql\.connector\.errors"#,
                #"\bER_(?:DUP_ENTRY|NO_SUCH_TABLE|PARSE_ERROR|BAD_FIELD_ERROR)\b"#,
            ]),
        LeakSignature(
            .sqlPostgresql,
            [
                #"syntax error at or near ""#, #"relation "[^"\n]+" does not exist"#, #"column "?[\w."]+"? does not exist"#,
                #"duplicate key value violates unique constraint ""#, #"violates (?:foreign key|not-null|check) constraint"#,
                #"invalid input syntax for (?:type )?(?:integer|uuid|json|timestamp|numeric|boolean|date|bigint|double)"#,
                #"unterminated quoted (?:string|identifier) at or near"#, #"\bpsycopg[23]?\.\w*(?:errors|Error)"#,
                #"\borg\.postgresql\."#, #"\bNpgsql\."#, #"\bPG::\w+"#, #"\bpg_(?:query|exec|connect|prepare)\(\)"#, #"\bpq: \w+"#,
                #"operator does not exist: \w+ "#, #"\bpermission denied for (?:table|relation|schema|database) \w+"#,
            ]),
        LeakSignature(
            .sqlOracle,
            [
                #"\bORA-\d{5}: "#, #"\bPLS-\d{5}: "#, #"\boracle\.jdbc\."#, #"\bcx_Oracle\.|\boracledb\.exceptions"#,
            ]),
        LeakSignature(
            .sqlServer,
            [
                #"Unclosed quotation mark (?:after|before) the character string"#, #"\[Microsoft\]\[(?:ODBC|SQL)"#,
                #"Microsoft OLE DB Provider for"#, #"\b(?:System|Microsoft)\.Data\.SqlClient\."#,
                #"\bIncorrect syntax near(?: the keyword)? '"#,
                #"Conversion failed when converting the \w+ value"#, #"\bInvalid (?:column|object) name '"#,
                #"\bMsg \d+, Level \d+, State \d+"#, #"\bcom\.microsoft\.sqlserver\."#,
            ]),
        LeakSignature(
            .sqlSqlite,
            [
                #"\bsqlite3\.\w+Error\b"#, #"\bSQLITE_(?:ERROR|CONSTRAINT|BUSY|MISUSE|CORRUPT)\b"#, #"\bSQLite3?::\w*Exception"#,
                #"near "[^"\n]+": syntax error"#, #"unrecognized token: ""#, #"\bno such (?:table|column): \w"#,
                #"\b(?:UNIQUE|NOT NULL|FOREIGN KEY|CHECK) constraint failed"#, #"\bSystem\.Data\.SQLite\b"#, #"\borg\.sqlite\."#,
            ]),
        LeakSignature(
            .database,
            [
                #"\bSQL\d{4}N\s"#, #"\bSQLCODE=-\d+"#, #"\bcom\.ibm\.db2\."#, #"\bDynamic SQL Error\b"#,
                #"\borg\.(?:h2|hsqldb|hibernate|jooq|apache\.derby)\.\w"#,
                #"\bE11000 duplicate key error collection"#, #"\bMongo(?:ServerError|NetworkError|Error)\b"#, #"\bsqlalchemy\.exc\."#,
                #"\bActiveRecord::\w+"#, #"\bDoctrine\\(?:DBAL|ORM)"#, #"\bIlluminate\\Database"#,
                #"\bSequelize\w*Error\b"#, #"\bPrismaClient\w+Error\b"#, #"\bQueryFailedError\b"#, #"\bWRONGTYPE Operation against a key"#,
                #"\bredis\.exceptions\."#, #"\bgorm\.io/"#,
                #"\bsql: (?:no rows in result set|Scan error|transaction has already|database is closed)"#,
            ]),
    ]

    static let languages = [
        LeakSignature(
            .traceJava,
            [
                #"\bat (?:[\w.-]+/+)?(?:[\w$]+\.)+[\w$<>]+\((?:[\w$]+\.(?:java|kt|kts|scala|groovy|clj)(?::\d+)?|Native Method|Unknown Source)\)"#,
                #"\bException in thread ""#, #"\bCaused by: (?:[\w$]+\.)+[\w$]+"#,
                #"\b(?:java|javax|jakarta|kotlin|scala|org|com|io|net)(?:\.[\w$]+)+\.[A-Z][\w$]*(?:Exception|Error)\b"#,
                #"\bApache Tomcat/\d"#, #"\bjava\.lang\.\w+"#,
            ]),
        LeakSignature(
            .traceDotnet,
            [
                #"\bat [\w.`+<>\[\],]+\([^)\n]*\) in [^\n]+:line \d+"#, #"\bSystem(?:\.\w+)*\.\w+Exception\b"#,
                #"\bServer Error in '[^'\n]*' Application"#, #"\bMicrosoft\.(?:AspNetCore|EntityFrameworkCore|Extensions)\.\w"#,
                #"An unhandled exception (?:of type|occurred (?:while processing the request|during the execution))"#,
                #"Microsoft \.NET Framework Version:"#, #"\bASP\.NET Version:"#,
                #"--- End of (?:inner exception )?stack trace"#,
            ]),
        LeakSignature(
            .tracePhp,
            [
                #"(?:Fatal error|Parse error|Warning|Notice|Deprecated): [^\n]+ in \S+\.(?:php|phtml|inc)(?:\(\d+\)[^\n]*)? on line \d+"#,
                #"#\d+ \S+\.php\(\d+\): "#, #"\bPHP (?:Fatal error|Parse error|Warning|Notice|Deprecated): "#,
                #"\bUncaught (?:\w+\\)*\w*(?:Exception|Error): "#, #"\b(?:Symfony|Illuminate|Whoops|GuzzleHttp|Twig)\\\w+\\"#,
                #"\bcall to (?:undefined|a member) function \w+\(\)"#, #"\.php:\d+\b"#,
            ]),
        LeakSignature(
            .tracePython,
            [
                #"Traceback \(most recent call last\)"#, #"File "[^"\n]+", line \d+(?:, in |\n|$)"#,
                #"\b(?:django|flask|werkzeug|starlette|fastapi|pydantic|jinja2|celery|tornado|aiohttp|uvicorn|gunicorn)\.[\w.]*(?:exceptions?|exc|errors?)\.\w"#,
                #"You're seeing this error because you have DEBUG = True"#, #"The debugger caught an exception in your WSGI application"#,
                #"\bWerkzeug (?:powered traceback interpreter|Debugger)"#, #"\bsite-packages/\w"#,
            ]),
        LeakSignature(
            .traceRuby,
            [
                #"\S\.rb:\d+:in [`'"]"#, #"\bAction(?:Controller|View|Dispatch)::\w+"#, #"\bActiveModel::\w+Error\b"#,
                #"\bundefined (?:local variable or )?method [`'][^'`\n]+' for"#,
                #"\bapp/(?:controllers|models|views|helpers)/[\w/]+\.(?:rb|erb|haml)"#,
                #"\bRails\.root: "#, #"\.gem/ruby/|/gems/[\w.-]+/lib/"#,
            ]),
        LeakSignature(
            .traceNode,
            [
                #"\bat (?:async )?(?:[\w.$<>\[\]]+ )*(?:\[as \w+\] )?\(?(?:file://)?(?:[A-Za-z]:)?[/\\][^()\n:]+\.(?:[mc]?[jt]s|[jt]sx):\d+:\d+\)?"#,
                #"\bnode:internal/\w"#, #"\bat (?:Module\._compile|Object\.<anonymous>|processTicksAndRejections|Layer\.handle)"#,
                #"\b(?:Reference|Type|Syntax|Range|URI|Eval)Error: [^\n]+\n\s+at "#, #"\bUnhandledPromiseRejection"#,
                #"\bnode_modules/[^\s"']+\.[mc]?js"#, #"\bCannot (?:read|set) propert(?:y|ies) (?:'[^'\n]+' )?of (?:undefined|null)\b"#,
            ]),
        LeakSignature(
            .traceGo,
            [
                #"\bgoroutine \d+ \[[^\]\n]+\]:"#,
                #"\bpanic: (?:runtime error|interface conversion|assignment to entry|send on closed|close of)"#,
                #"\bruntime error: (?:invalid memory address|index out of range|integer divide|slice bounds|makeslice)"#,
                #"\S\.go:\d+(?: \+0x[0-9a-f]+)"#, #"\bcreated by [\w./*()-]+ in goroutine"#,
                #"\bcannot unmarshal \w+ into Go (?:value|struct field)"#,
                #"\bdial (?:tcp|udp|unix) \S+: (?:connect|i/o|lookup|no such)"#, #"\bhttp: panic serving"#,
            ]),
        LeakSignature(
            .traceRust,
            [
                #"\bthread '[^'\n]+' (?:\(\d+\) )?panicked at"#, #"\S\.rs:\d+:\d+"#, #"\bRUST_BACKTRACE="#,
                #"\bcalled `(?:Option::unwrap|Result::unwrap|Option::expect|Result::expect)\(\)`"#,
                #"\bcore::panicking::|\bstd::panicking::"#,
            ]),
        LeakSignature(
            .traceSwift,
            [
                #"\S\.swift:\d+"#, #"\bSwift\.DecodingError\b"#,
                #"\b(?:keyNotFound|typeMismatch|valueNotFound|dataCorrupted)\((?:Swift\.|CodingKeys|_CodingKey)"#,
                #"\$s\d+[A-Za-z]\w+(?:F|Tm|Z|C|V)\b \+ \d+"#,
                #"\bFatal error: (?:Unexpectedly found nil|Index out of range|'try!' expression)"#,
                #"\bThread \d+ (?:Crashed|crashed):"#,
            ]),
        LeakSignature(
            .tracePerl,
            [
                #" at \S+\.(?:pl|pm|cgi|psgi) line \d+"#, #"\bCan't locate \S+ in @INC"#,
                #"\bCan't (?:call method|locate object method) ""#,
                #"\bDBD::\w+::\w+ \w+ failed: "#, #"\bCompilation failed in require\b"#,
                #"Global symbol "[^"\n]+" requires explicit package name"#,
            ]),
        LeakSignature(.traceElixir, [#"\*\* \([A-Z][\w.]+\)"#, #"\blib/\S+\.exs?:\d+: "#]),
        LeakSignature(
            .traceNative,
            [
                #"\bSegmentation fault(?: \(core dumped\)|\n)"#, #"ERROR: AddressSanitizer"#,
                #"\bterminate called after throwing an instance of"#,
                #"\b\S+\.(?:cpp|cc|cxx|c|h|hpp):\d+(?::\d+)?: "#,
            ]),
        LeakSignature(
            .traceJson,
            [
                #"(?i)"(?:stack_?trace|backtrace|trace|stack)"\s*:\s*(?:\[\s*["{]|"[^"\n]*(?:\\n| at ))"#, #"(?i)\bstack ?trace:\s*\n"#,
            ]),
    ]

    static let files = [
        LeakSignature(
            .filePath,
            [
                #"(?:^|[\s"'(=:])/(?:home|Users|root|srv|opt|app|workspace|build|var|usr|tmp|private)/[\w.+@%/-]+\.(?:py|rb|php|java|kt|go|rs|swift|pl|pm|cs|vb|ex|exs|scala|[mc]?[jt]s|[jt]sx|cc?|cpp|h|erb|jsp|tmpl)["']?(?:[:(]|[:,]? line )\d+"#,
                #"(?:^|[\s"'(=:])/(?:var/www|usr/local/lib|usr/lib|usr/share|srv/www)/[\w./+-]+\.(?:php|py|rb|pl|pm|jar|so)"#,
                #"\b[A-Za-z]:\\(?:inetpub|Users|Windows|Program Files|wwwroot|projects?|sources?|src|agent|work)\\[^\s"'<>|]"#,
                #"(?:^|[\s"'(=:])/(?:etc/ssl/private/|proc/self/|root/\.ssh/|home/\w+/\.(?:ssh|aws|kube)/)"#,
            ])
    ]
}
