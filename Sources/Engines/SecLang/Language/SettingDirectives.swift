extension RuleReader {
    /// The directives that set the engine up.
    ///
    /// - Throws: `Complaint` for an unknown directive, one that cannot be honoured, and values that make no sense.
    mutating func takeSetting(_ directive: Directive) throws(Complaint) {
        let name = directive.name.lowercased()
        if let why = Self.refusals[name] { throw Complaint("directive `\(directive.name)` is not available: \(why)") }
        guard let value = directive.arguments.first?.text else {
            if name == "secresponsebodymimetypesclear" {
                settings.responseBodyTypes = []
                return
            }
            throw Complaint(Self.known.contains(name) ? "`\(directive.name)` takes a value" : "unknown directive `\(directive.name)`")
        }
        if try takeEngineSetting(name, value) { return }
        if try takeBodySetting(name, value, directive) { return }
        if try takeOtherSetting(name, value, directive) { return }
        if Self.withoutEffect.contains(name) { return }
        throw Complaint("unknown directive `\(directive.name)`")
    }

    private mutating func takeEngineSetting(_ name: String, _ value: String) throws(Complaint) -> Bool {
        switch name {
        case "secruleengine": settings.mode = try EngineMode(setting: value)
        case "secpcrematchlimit": settings.matchLimit = max(Settings().matchLimit, try number(value, 1...1_000_000_000))
        case "secpcrematchlimitrecursion": _ = try number(value, 1...1_000_000_000)
        case "secauditengine":
            guard ["on", "off", "relevantonly"].contains(value.lowercased()) else {
                throw Complaint("expected On, Off or RelevantOnly, not `\(value)`")
            }
            settings.auditMode = value.lowercased()
        case "secauditlogrelevantstatus":
            _ = try context.regex(Array(value.utf8))
            settings.auditRelevantStatus = value
        case "secauditlogparts":
            guard Settings.isAuditParts(value) else { throw Complaint("`\(value)` are no parts of the audit log") }
        case "secinterceptonerror": settings.interruptsOnError = try isOn(value)
        case "seccollectiontimeout": settings.collectionTimeout = try number(value, 1...2_592_000)
        case "secwebappid": settings.applicationID = value
        case "secsensorid": settings.sensorID = value
        case "secserversignature": settings.serverSignature = value
        case "seccomponentsignature": settings.components.append(value)
        default: return false
        }
        return true
    }

    private mutating func takeBodySetting(_ name: String, _ value: String, _ directive: Directive) throws(Complaint) -> Bool {
        switch name {
        case "secrequestbodyaccess": settings.readsRequestBody = try isOn(value)
        case "secrequestbodylimit": settings.requestBodyLimit = try number(value, 1...Settings.bodyHardLimit)
        case "secrequestbodynofileslimit": settings.requestBodyNoFilesLimit = try number(value, 1...Settings.bodyHardLimit)
        case "secrequestbodyinmemorylimit": _ = try number(value, 0...Settings.bodyHardLimit)
        case "secrequestbodylimitaction": settings.requestBodyLimitAction = try limitAction(value)
        case "secrequestbodyjsondepthlimit": settings.jsonDepthLimit = try number(value, 1...1_000_000)
        case "secargumentslimit": settings.argumentsLimit = try number(value, 1...10_000_000)
        case "secuploadfilelimit": settings.uploadFileLimit = try number(value, 1...100_000)
        case "secresponsebodyaccess": settings.readsResponseBody = try isOn(value)
        case "secresponsebodylimit": settings.responseBodyLimit = try number(value, 1...Settings.bodyHardLimit)
        case "secresponsebodylimitaction": settings.responseBodyLimitAction = try limitAction(value)
        case "secresponsebodymimetype":
            for argument in directive.arguments {
                settings.responseBodyTypes.insert(argument.text.lowercased() == "null" ? "" : argument.text.lowercased())
            }
        default: return false
        }
        return true
    }

    private mutating func takeOtherSetting(_ name: String, _ value: String, _ directive: Directive) throws(Complaint) -> Bool {
        switch name {
        case "secargumentseparator": settings.argumentSeparator = try byte(value)
        case "seccookieformat": settings.cookieFormat = try number(value, 0...1)
        case "seccookiev0separator": settings.cookieSeparator = try byte(value)
        case "secunicodemapfile", "secunicodecodepage":
            guard directive.arguments.last?.text == String(BestFit.codePage) else {
                throw Complaint("the only code page is \(BestFit.codePage)")
            }
        case "secgeolookupdb":
            do { settings.geo = try context.resolver.geo(value, context.file) } catch {
                throw Complaint("cannot open `\(value)`: \(error)")
            }
        case "secxmlexternalentity", "sechashengine", "secremoterules", "secrulescript", "secuploadkeepfiles", "secconnengine",
            "secstreaminbodyinspection", "secstreamoutbodyinspection", "seccontentinjection", "secdisablebackendcompression":
            guard value.lowercased() == "off" else { throw Complaint("`\(directive.name)` can only be off here") }
        default: return false
        }
        return true
    }

    private func number(_ value: String, _ bounds: ClosedRange<Int>) throws(Complaint) -> Int {
        guard let number = Int(value), bounds.contains(number) else {
            throw Complaint("expected a number from \(bounds.lowerBound) to \(bounds.upperBound), not `\(value)`")
        }
        return number
    }

    private func byte(_ value: String) throws(Complaint) -> UInt8 {
        guard let byte = value.utf8.first, value.utf8.count == 1 else { throw Complaint("expected one character, not `\(value)`") }
        return byte
    }

    private func isOn(_ value: String) throws(Complaint) -> Bool {
        switch value.lowercased() {
        case "on": true
        case "off": false
        default: throw Complaint("expected On or Off, not `\(value)`")
        }
    }

    private func limitAction(_ value: String) throws(Complaint) -> BodyLimitAction {
        switch value.lowercased() {
        case "reject": .reject
        case "processpartial": .processPartial
        default: throw Complaint("expected Reject or ProcessPartial, not `\(value)`")
        }
    }

    /// Files, logs and folders of the reference engine: whoever runs this engine has its own, so these say nothing here.
    private static let withoutEffect: Set<String> = [
        "secauditlog", "secauditlog2", "secauditlogtype", "secauditlogformat", "secauditlogstoragedir", "secauditlogdirmode",
        "secauditlogfilemode", "seccachetransformations", "secdatadir", "secdebuglog", "secdebugloglevel", "secguardianlog",
        "secruleperftime", "secstatusengine", "sectmpdir", "sectmpsaveuploadedfiles", "secuploaddir", "secuploadfilemode",
    ]

    private static let refusals: [String: String] = [
        "secchrootdir": "the program that runs the engine decides where it lives",
        "secgsblookupdb": "Google's lookup service of that form has ended",
        "sechashkey": "links are not signed", "sechashparam": "links are not signed", "sechashmethodpm": "links are not signed",
        "sechashmethodrx": "links are not signed",
        "sechttpblkey": "look-ups of Project Honey Pot are not made",
        "secrequestencoding": "bodies are taken as bytes",
        "secconnreadstatelimit": "connections are counted by the server", "secreadstatelimit": "connections are counted by the server",
        "secconnwritestatelimit": "connections are counted by the server", "secwritestatelimit": "connections are counted by the server",
        "secruleinheritance": "there are no nested contexts",
        "secremoterulesfailaction": "rules are not fetched",
    ]

    private static let known: Set<String> = withoutEffect.union([
        "secruleengine", "secrequestbodyaccess", "secrequestbodylimit", "secresponsebodyaccess", "secresponsebodylimit", "secwebappid",
        "seccomponentsignature", "secargumentseparator", "secgeolookupdb", "seccollectiontimeout", "secresponsebodymimetype",
    ])
}
