extension Transaction {
    /// Has the body's processor fill the tables.
    func readRequestBody() {
        let body = arena.copy(requestBody)
        var counted = body.count
        switch processor {
        case .urlEncoded: readURLEncoded(body)
        case .multipart: counted = readMultipart(body)
        case .json: readJSON(body)
        case .xml: readXML(body)
        case nil:
            guard forcesRequestBody else { return }
            add(.requestBody, body)
        }
        if counted >= rules.settings.requestBodyNoFilesLimit {
            let message = "request body without files is over its limit of \(rules.settings.requestBodyNoFilesLimit) bytes"
            failBody(message)
            _ = tooLong(rules.settings.requestBodyLimitAction, message, phase: 2, status: 413)
        }
    }

    func failBody(_ reason: String) {
        processorFailed = true
        if bodyError == nil { bodyError = reason }
    }

    private func readURLEncoded(_ body: Slice) {
        add(.requestBody, body)
        let invalid = URLEncodedBody.read(body, separator: rules.settings.argumentSeparator, arena) { name, value in
            addArgument(name, value, .argsPost, .argsPostNames)
        }
        if invalid > 0 { hasURLEncodingError = true }
    }

    private func readJSON(_ body: Slice) {
        do {
            try JSONBody.read(body, depthLimit: rules.settings.jsonDepthLimit, arena) { name, value in
                addArgument(name, value, nil, nil)
            }
        } catch {
            failBody("JSON parsing error: \(error.reason)")
        }
    }

    private func readXML(_ body: Slice) {
        guard !body.isEmpty else { return }
        do {
            let document = try XMLBody.read(body, arena)
            hasXMLDocument = true
            for (index, path) in rules.xpaths.enumerated() {
                for value in path.values(in: document, arena) {
                    workspace.append(value, named: .empty, to: Variable.tableCount + index)
                }
            }
        } catch {
            failBody("XML parsing error: \(error.reason)")
        }
    }

    /// Tells how many bytes of the body are no uploaded file.
    private func readMultipart(_ body: Slice) -> Int {
        do {
            let contentType = value(ofHeader: "Content-Type") ?? .empty
            let boundary = try MultipartBoundary.read(contentType, &multipartFlags)
            var reader = MultipartBody(
                boundary: boundary, flags: multipartFlags, fileLimit: rules.settings.uploadFileLimit,
                partLimit: rules.settings.argumentsLimit,
                arena: arena)
            defer {
                multipartFlags = reader.flags
                for part in reader.parts { keep(part) }
            }
            try reader.read(body)
            return reader.lengthWithoutFiles
        } catch {
            multipartFlags.insert(.error)
            failBody("Multipart parsing error: \(error.reason)")
            return 0
        }
    }

    private func keep(_ part: MultipartPart) {
        let name = part.name ?? .empty
        for line in part.headerLines { add(.multipartPartHeaders, line, named: name) }
        guard let fileName = part.fileName else {
            _ = addArgument(name, part.content, .argsPost, .argsPostNames)
            return
        }
        filesSize += part.content.count
        add(.files, fileName, named: name)
        add(.filesNames, name, named: name)
        add(.filesSizes, arena.decimal(part.content.count), named: name)
        add(.filesTmpContent, part.content, named: name)
        add(.multipartFilename, fileName)
        add(.multipartName, name)
    }

    func value(ofHeader name: StaticString) -> Slice? {
        guard let table = Variable.requestHeaders.table,
            let entry = workspace.tables[table].first(where: { $0.name.equalsIgnoringCase(name) })
        else {
            return nil
        }
        return workspace.value(entry.node)
    }
}
