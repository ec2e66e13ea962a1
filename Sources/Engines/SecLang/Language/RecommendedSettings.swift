extension RuleSource {
    /// The settings that the engine starts with where rules bring none of their own: bodies are read by their type, what cannot be read is
    /// refused, responses are looked at where they are text.
    ///
    /// The Core Rule Set expects these rules (ids 200000 to 200007) to stand before its own.
    public static let recommendedSettings = RuleSource(
        name: "recommended settings",
        text: """
            SecRuleEngine On
            SecRequestBodyAccess On
            SecRequestBodyLimit 13107200
            SecRequestBodyNoFilesLimit 1048576
            SecRequestBodyLimitAction Reject
            SecRequestBodyJsonDepthLimit 512
            SecArgumentsLimit 1000
            SecResponseBodyAccess On
            SecResponseBodyMimeType text/plain text/html text/xml application/json
            SecResponseBodyLimit 524288
            SecResponseBodyLimitAction ProcessPartial
            SecCookieFormat 0
            SecArgumentSeparator &
            SecUnicodeMapFile unicode.mapping 20127
            SecAuditEngine RelevantOnly
            SecRule REQUEST_HEADERS:Content-Type "@rx ^(?:application(?:/soap\\+|/)|text/)xml" \\
                "id:200000,phase:1,pass,nolog,t:none,t:lowercase,ctl:requestBodyProcessor=XML"
            SecRule REQUEST_HEADERS:Content-Type "@rx ^application/(?:[a-z0-9.-]+[+])?json" \\
                "id:200001,phase:1,pass,nolog,t:none,t:lowercase,ctl:requestBodyProcessor=JSON"
            SecRule REQBODY_ERROR "!@eq 0" \\
                "id:200002,phase:2,deny,log,status:400,severity:CRITICAL,t:none,msg:'Request body cannot be read',logdata:'%{REQBODY_ERROR_MSG}'"
            SecRule MULTIPART_STRICT_ERROR "!@eq 0" \\
                "id:200003,phase:2,deny,log,status:400,severity:CRITICAL,t:none,msg:'Multipart request body is ambiguous',\\
                logdata:'error %{REQBODY_PROCESSOR_ERROR} quoted %{MULTIPART_BOUNDARY_QUOTED} space %{MULTIPART_BOUNDARY_WHITESPACE} \\
                before %{MULTIPART_DATA_BEFORE} after %{MULTIPART_DATA_AFTER} folding %{MULTIPART_HEADER_FOLDING} lf %{MULTIPART_LF_LINE} \\
                semicolon %{MULTIPART_MISSING_SEMICOLON} quoting %{MULTIPART_INVALID_QUOTING} part %{MULTIPART_INVALID_PART} \\
                files %{MULTIPART_FILE_LIMIT_EXCEEDED}'"
            SecRule MULTIPART_UNMATCHED_BOUNDARY "!@eq 0" \\
                "id:200004,phase:2,deny,log,status:400,severity:CRITICAL,t:none,msg:'Multipart body holds a boundary where none belongs'"
            SecRule TX:/^MSC_/ "!@streq 0" \\
                "id:200005,phase:2,deny,log,severity:CRITICAL,t:none,msg:'A limit of the engine was reached: %{MATCHED_VAR_NAME}'"
            """)
}
