import Foundation
import GatehouseAuthorization
import GatehouseConfiguration
import GatehouseValidation
import StrictJSON

/// `gatehouse policy matrix`: route × method × role, from a configuration.
public struct AuthorizationMatrixCommand {
    private let file: String
    private let service: String?
    private let roles: [String]

    /// A matrix of the service that has policies in a configuration file.
    ///
    /// - Parameter service: which, where several have.
    public init(file: String, service: String?, roles: [String]) {
        self.file = file
        self.service = service
        self.roles = roles
    }

    /// Prints the matrix.
    ///
    /// - Parameter expected: a file of an earlier matrix in JSON.
    /// - Returns: 0, or 2 where it differs from the earlier one.
    public func run(json: Bool, expected: String?) throws -> Int32 {
        let matrix = try matrix()
        if json { print(matrix.json.serialized(.pretty)) } else { print(matrix.table, terminator: "") }
        for warning in matrix.warnings { PolicyCommands.complain(warning) }
        guard let expected else { return 0 }
        let differences = matrix.differences(from: try JSONValue(parsing: try PolicyFiles.bytes(expected)))
        for difference in differences { PolicyCommands.complain(difference) }
        return differences.isEmpty ? 0 : 2
    }

    private func matrix() throws -> AuthorizationMatrix {
        let loaded: LoadedConfiguration
        do { loaded = try ConfigurationLoader(file: file).load() } catch { throw PolicyToolError(error.report) }
        let found = loaded.configuration.services.filter { $0.authorization != nil && (service == nil || $0.name == service) }
        guard found.count == 1, let settings = found[0].authorization else {
            throw PolicyToolError(
                found.isEmpty
                    ? "no such service has an `authorization`" : "several services have an `authorization`: name one with --service")
        }
        var subject = AuthorizationRuntime.Subject(service: found[0].name, settings: settings)
        subject.document = try OpenAPILibrary().document(found[0].guards.openAPI, service: found[0].name)?.validator
        return try AuthorizationMatrix(subject, roles: roles)
    }
}

extension AuthorizationMatrix {
    var json: JSONValue {
        .array(
            rows.map { row in
                let cells = zip(columns, row.cells).map { column, cell in
                    (
                        column,
                        ["answer": .string(cell.answer.rawValue), "policies": .array(cell.policies.map { .string($0) })] as JSONValue
                    )
                }
                return [
                    "method": .string(row.method), "path": .string(row.template), "action": .string(row.action),
                    "roles": .object(JSONObject(cells)),
                ]
            })
    }

    var table: String {
        let lines = [["method", "path"] + columns] + rows.map { [$0.method, $0.template] + $0.cells.map(\.answer.rawValue) }
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ").trimmedEnd + "\n"
        }.joined()
    }

    /// Cells that an earlier matrix has otherwise, and routes that one of the two does not have.
    func differences(from earlier: JSONValue) -> [String] {
        func cells(_ matrix: JSONValue) -> [String: String] {
            var cells: [String: String] = [:]
            for row in matrix.array ?? [] {
                for (role, cell) in row["roles"]?.object?.members ?? [] {
                    cells["\(row["method"]?.string ?? "") \(row["path"]?.string ?? "") \(role)"] = cell["answer"]?.string ?? ""
                }
            }
            return cells
        }
        let (before, after) = (cells(earlier), cells(json))
        return Set(before.keys).union(after.keys).sorted().compactMap { key in
            before[key] == after[key] ? nil : "\(key): \(before[key] ?? "none") before, \(after[key] ?? "none") now"
        }
    }
}

extension String {
    fileprivate var trimmedEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
