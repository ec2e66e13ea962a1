internal import Cedar
internal import GatehouseConfiguration
internal import GatehouseGuards
internal import HTTPWire
internal import OpenAPI

/// Finds what a request's method and path mean to the policies.
struct RouteMap: Sendable {
    private let document: OpenAPIValidator?
    /// Routes of the document's operations by their number; nil where the policies cannot decide about one.
    private let operations: [CompiledRoute?]
    private let table: TemplateTable
    /// For each place of the table, its routes by method and the names of the parameters.
    private let places: [(routes: [String: CompiledRoute], names: [String])]
    private let prefix: [UInt8]
    /// Operations that are always denied, with the reason.
    let warnings: [String]
    /// Every route, in the order of document and settings.
    let all: [CompiledRoute]

    /// Makes the routes of a service.
    ///
    /// - Parameter prefix: bytes that are cut off the path before it goes to the backend.
    /// - Throws: ``AuthorizationFault`` for routes of the settings that the schema does not go with.
    init(_ compiler: RouteCompiler, document: OpenAPIValidator?, prefix: [UInt8]) throws(AuthorizationFault) {
        self.document = document
        self.prefix = prefix
        var settings = compiler.settings.routes[...]
        var operations: [CompiledRoute?] = []
        var warnings: [String] = []
        var faults: [String] = []
        var used: Set<String> = []
        for operation in document?.operations ?? [] {
            let more = settings.first {
                $0.path == operation.path && ($0.methods.isEmpty || $0.methods.map(\.name).contains(operation.method))
            }
            if let more { used.insert(more.path + " " + more.methods.map(\.name).joined(separator: " ")) }
            do throws(AuthorizationFault) {
                operations.append(try compiler.route(operation.path, operation.method, operationID: operation.operationID, more: more))
            } catch {
                operations.append(nil)
                if more == nil { warnings += error.messages.map { $0 + "; it is always denied" } } else { faults += error.messages }
            }
        }
        settings = settings.filter { !used.contains($0.path + " " + $0.methods.map(\.name).joined(separator: " ")) }[...]
        var table = TemplateTable()
        var places: [(routes: [String: CompiledRoute], names: [String])] = []
        for more in settings {
            do throws(AuthorizationFault) {
                places.append(try Self.place(more, compiler, &table))
            } catch {
                faults += error.messages
            }
        }
        guard faults.isEmpty else { throw AuthorizationFault(faults) }
        self.operations = operations
        self.warnings = warnings
        self.table = table
        self.places = places
        all = operations.compactMap { $0 } + places.flatMap { $0.routes.values.sorted { $0.method < $1.method } }
    }

    /// The route of a request; nil where no template takes it or its path can be read in two ways.
    func match(_ request: borrowing HTTPWire.RequestHead) -> MatchedRoute? {
        let method = request.method.name
        var path = Array(request.pathBytes)
        if !prefix.isEmpty {
            guard path.starts(with: prefix) else { return nil }
            path.removeFirst(prefix.count)
            if path.isEmpty { path = [UInt8(ascii: "/")] }
        }
        guard !path.contains(UInt8(ascii: ";")) else { return nil }
        if let found = document?.operation(method: method, path: path), let route = operations[found.operation.id] {
            return Self.matched(route, found.names, found.captures)
        }
        guard let match = table.match(path) else { return nil }
        for place in match.places {
            guard let route = places[place].routes[method] ?? (method == "HEAD" ? places[place].routes["GET"] : nil) else { continue }
            return Self.matched(route, places[place].names, match.captures)
        }
        return nil
    }

    private static func matched(_ route: CompiledRoute, _ names: [String], _ captures: [ArraySlice<UInt8>]) -> MatchedRoute? {
        var parameters: [(name: String, value: String)] = []
        for (name, raw) in zip(names, captures) {
            guard let value = PathText.decoded(raw) else { return nil }
            parameters.append((name, value))
        }
        return MatchedRoute(route: route, parameters: parameters)
    }

    private static func place(
        _ more: AuthorizationRoute, _ compiler: RouteCompiler, _ table: inout TemplateTable
    ) throws(AuthorizationFault) -> (routes: [String: CompiledRoute], names: [String]) {
        let methods = more.methods.isEmpty ? compiler.methods(more) : more.methods.map(\.name)
        var routes: [String: CompiledRoute] = [:]
        for method in methods { routes[method] = try compiler.route(more.path, method, operationID: nil, more: more) }
        do throws(TemplateFault) {
            return (routes, try table.add(more.path))
        } catch {
            throw AuthorizationFault("route `\(more.path)`: \(error.reason)")
        }
    }
}

extension RouteCompiler {
    /// The methods of a route that names none: all, or those that are actions of the schema.
    fileprivate func methods(_ more: AuthorizationRoute) -> [String] {
        let all = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        guard more.action.isEmpty else { return all }
        let declared = all.filter { schema?.appliesTo(EntityUID(type: names.action, id: Text($0))) != nil }
        return declared.isEmpty ? all : declared
    }
}

/// Path parameters as text.
enum PathText {
    /// A segment without its percent-encoding; nil for broken escapes, text that is not UTF-8, and control characters.
    static func decoded(_ raw: ArraySlice<UInt8>) -> String? {
        guard raw.contains(UInt8(ascii: "%")) else { return String(validating: raw, as: UTF8.self) }
        var bytes: [UInt8] = []
        var index = raw.startIndex
        while index < raw.endIndex {
            if raw[index] == UInt8(ascii: "%") {
                guard index + 2 < raw.endIndex, let high = hex(raw[index + 1]), let low = hex(raw[index + 2]) else { return nil }
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(raw[index])
                index += 1
            }
        }
        guard !bytes.contains(where: { $0 < 32 || $0 == 127 }) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
