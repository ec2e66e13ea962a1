internal import GatehouseConfiguration
internal import OpenAPI

/// Loads the OpenAPI documents that a configuration names, as a start would.
struct OpenAPIDocumentCheck {
    let loaded: LoadedConfiguration

    /// An error for each document that cannot be used, with its line and column in the message.
    var findings: [Diagnostic] {
        var seen: Set<String> = []
        return places.compactMap { path, settings in
            guard let file = settings.file, seen.insert(file.path).inserted else { return nil }
            return finding(file, at: "\(path).guards.openapi.file")
        }
    }

    private var places: [(path: String, settings: OpenAPIGuardSettings)] {
        var places: [(path: String, settings: OpenAPIGuardSettings)] = []
        for (index, service) in loaded.configuration.services.enumerated() {
            places.append(("services[\(index)]", service.guards.openAPI))
            for (number, route) in service.routes.enumerated() {
                places.append(("services[\(index)].routes[\(number)]", route.guards.openAPI))
            }
        }
        return places
    }

    private func finding(_ file: FilePath, at path: String) -> Diagnostic? {
        do {
            _ = try OpenAPIFiles.load(file.path)
            return nil
        } catch let error as OpenAPIError {
            return loaded.diagnostic(.error, "the document cannot be used: \(error)", at: path)
        } catch {
            return loaded.diagnostic(.error, "the document `\(file)` cannot be read", at: path)
        }
    }
}
