/// A variable of the language, by the name that rules use.
enum Variable: Int, CaseIterable, Sendable {
    // Collections whose members are values of the exchange. They come first: the order is that of the transaction's tables.
    case args
    case argsNames
    case argsGet
    case argsGetNames
    case argsPost
    case argsPostNames
    case requestHeaders
    case requestHeadersNames
    case requestCookies
    case requestCookiesNames
    case files
    case filesNames
    case filesSizes
    case filesTmpnames
    case filesTmpContent
    case multipartPartHeaders
    case responseHeaders
    case responseHeadersNames
    case env

    // Single values of the exchange.
    case requestMethod
    case requestLine
    case requestProtocol
    case requestURI
    case requestURIRaw
    case requestFilename
    case requestBasename
    case queryString
    case requestBody
    case remoteAddr
    case userAgentIP
    case remoteHost
    case remotePort
    case remoteUser
    case serverAddr
    case serverName
    case serverPort
    case pathInfo
    case authType
    case uniqueID
    case multipartFilename
    case multipartName
    case responseBody
    case responseContentType
    case responseProtocol
    case responseStatus
    case statusLine

    // Collections that rules change, or that are made when asked for.
    case tx
    case ip
    case global
    case session
    case user
    case resource
    case geo
    case matchedVars
    case matchedVarsNames
    case rule
    case xml

    // Single values that are made when asked for.
    case argsCombinedSize
    case filesCombinedSize
    case requestBodyLength
    case fullRequest
    case fullRequestLength
    case matchedVar
    case matchedVarName
    case highestSeverity
    case requestBodyProcessor
    case reqbodyError
    case reqbodyErrorMsg
    case reqbodyProcessorError
    case reqbodyProcessorErrorMsg
    case multipartBoundaryQuoted
    case multipartBoundaryWhitespace
    case multipartDataAfter
    case multipartDataBefore
    case multipartHeaderFolding
    case multipartCRLFLine
    case multipartCRLFLFLines
    case multipartLFLine
    case multipartMissingSemicolon
    case multipartInvalidPart
    case multipartInvalidQuoting
    case multipartInvalidHeaderFolding
    case multipartFileLimitExceeded
    case multipartStrictError
    case multipartUnmatchedBoundary
    case urlencodedError
    case inboundDataError
    case outboundDataError
    case sdbmDeleteError
    case responseContentLength
    case sessionid
    case userid
    case webappid
    case modsecBuild
    case duration
    case time
    case timeDay
    case timeEpoch
    case timeHour
    case timeMin
    case timeMon
    case timeSec
    case timeWday
    case timeYear
}

extension Variable {
    /// Whether selectors (`NAME:member`) and counts (`&NAME`) make sense.
    var isCollection: Bool {
        switch self {
        case .args, .argsNames, .argsGet, .argsGetNames, .argsPost, .argsPostNames, .requestHeaders, .requestHeadersNames, .requestCookies,
            .requestCookiesNames,
            .files, .filesNames, .filesSizes, .filesTmpnames, .filesTmpContent, .multipartPartHeaders, .responseHeaders,
            .responseHeadersNames, .env,
            .tx, .ip, .global, .session, .user, .resource, .geo, .matchedVars, .matchedVarsNames, .rule, .xml:
            true
        default: false
        }
    }

    /// The transaction's table that holds the values; nil for what is made when asked for.
    var table: Int? {
        rawValue < Variable.tableCount ? rawValue : nil
    }

    /// How many tables there are before those of XPath expressions.
    static let tableCount = 46

    /// The collections that outlive a transaction.
    static let persistent: [Variable] = [.ip, .global, .session, .user, .resource]

    /// The name that rules use.
    var name: String { Variable.names[rawValue] }

    /// Names of the language that mean nothing in a reverse proxy, and why.
    static func refusal(of name: String) -> String? {
        if name.hasPrefix("SCRIPT_") { return "there is no script in a reverse proxy" }
        if name.hasPrefix("PERF_") { return "times of single rules are not kept" }
        if name.hasPrefix("STREAM_") { return "bodies are not rewritten; use REQUEST_BODY or RESPONSE_BODY" }
        return name == "WEBSERVER_ERROR_LOG" ? "there is no web server log in a reverse proxy" : nil
    }

    /// The variable of a name; case counts for nothing.
    static func named(_ name: String) -> Variable? { places[name.uppercased()] }

    private static let places = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })
}

extension Variable {
    /// In the order of the cases.
    private static let names = [
        "ARGS", "ARGS_NAMES", "ARGS_GET", "ARGS_GET_NAMES", "ARGS_POST", "ARGS_POST_NAMES", "REQUEST_HEADERS",
        "REQUEST_HEADERS_NAMES", "REQUEST_COOKIES", "REQUEST_COOKIES_NAMES", "FILES", "FILES_NAMES", "FILES_SIZES",
        "FILES_TMPNAMES", "FILES_TMP_CONTENT", "MULTIPART_PART_HEADERS", "RESPONSE_HEADERS", "RESPONSE_HEADERS_NAMES", "ENV",
        "REQUEST_METHOD", "REQUEST_LINE", "REQUEST_PROTOCOL", "REQUEST_URI", "REQUEST_URI_RAW", "REQUEST_FILENAME",
        "REQUEST_BASENAME", "QUERY_STRING", "REQUEST_BODY", "REMOTE_ADDR", "USERAGENT_IP", "REMOTE_HOST", "REMOTE_PORT",
        "REMOTE_USER", "SERVER_ADDR", "SERVER_NAME", "SERVER_PORT", "PATH_INFO", "AUTH_TYPE", "UNIQUE_ID", "MULTIPART_FILENAME",
        "MULTIPART_NAME", "RESPONSE_BODY", "RESPONSE_CONTENT_TYPE", "RESPONSE_PROTOCOL", "RESPONSE_STATUS", "STATUS_LINE", "TX",
        "IP", "GLOBAL", "SESSION", "USER", "RESOURCE", "GEO", "MATCHED_VARS", "MATCHED_VARS_NAMES", "RULE", "XML",
        "ARGS_COMBINED_SIZE", "FILES_COMBINED_SIZE", "REQUEST_BODY_LENGTH", "FULL_REQUEST", "FULL_REQUEST_LENGTH", "MATCHED_VAR",
        "MATCHED_VAR_NAME", "HIGHEST_SEVERITY", "REQBODY_PROCESSOR", "REQBODY_ERROR", "REQBODY_ERROR_MSG",
        "REQBODY_PROCESSOR_ERROR", "REQBODY_PROCESSOR_ERROR_MSG", "MULTIPART_BOUNDARY_QUOTED", "MULTIPART_BOUNDARY_WHITESPACE",
        "MULTIPART_DATA_AFTER", "MULTIPART_DATA_BEFORE", "MULTIPART_HEADER_FOLDING", "MULTIPART_CRLF_LINE",
        "MULTIPART_CRLF_LF_LINES", "MULTIPART_LF_LINE", "MULTIPART_MISSING_SEMICOLON", "MULTIPART_INVALID_PART",
        "MULTIPART_INVALID_QUOTING", "MULTIPART_INVALID_HEADER_FOLDING", "MULTIPART_FILE_LIMIT_EXCEEDED",
        "MULTIPART_STRICT_ERROR", "MULTIPART_UNMATCHED_BOUNDARY", "URLENCODED_ERROR", "INBOUND_DATA_ERROR",
        "OUTBOUND_DATA_ERROR", "SDBM_DELETE_ERROR", "RESPONSE_CONTENT_LENGTH", "SESSIONID", "USERID", "WEBAPPID", "MODSEC_BUILD",
        "DURATION", "TIME", "TIME_DAY", "TIME_EPOCH", "TIME_HOUR", "TIME_MIN", "TIME_MON", "TIME_SEC", "TIME_WDAY", "TIME_YEAR",
    ]
}
