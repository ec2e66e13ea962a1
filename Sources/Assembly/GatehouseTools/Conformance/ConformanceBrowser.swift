internal import Foundation
import GatehouseIdentity

/// The browser of one module: cookies, redirects, forms, and the tasks of the plan.
final class ConformanceBrowser {
    /// Where it came to a stop.
    enum Stop {
        /// At an address of the client, with these parameters.
        case client(address: String, parameters: FormParameters, isPost: Bool)
        /// At a page of the provider for which there is no task, or whose tasks led to it again.
        case page(WebAnswer, address: String)

        var parameters: FormParameters? {
            if case .client(_, let parameters, _) = self { parameters } else { nil }
        }
    }

    private let transport: any WebTransport
    private let tasks: [BrowserTask]
    private let clientAddresses: [String]
    private var jar: [String: [String: String]] = [:]
    /// How often a task was carried out, by its pattern.
    private(set) var visits: [String: Int] = [:]

    init(_ transport: any WebTransport, tasks: [BrowserTask], clientAddresses: [String]) {
        self.transport = transport
        self.tasks = tasks
        self.clientAddresses = clientAddresses
    }

    /// True where the user was asked to type something since the last call.
    func hasTyped() -> Bool {
        defer { visits = [:] }
        return tasks.contains { task in
            visits[task.match] != nil && task.commands.contains { if case .type = $0 { true } else { false } }
        }
    }

    /// Opens an address and does what the tasks say, until the client is reached or nothing is left to do.
    func open(_ request: WebRequest) async throws -> Stop {
        var stop = try await follow(request)
        for _ in 0..<12 {
            guard case .page(let page, let address) = stop else { return stop }
            let forms = HTMLForm.all(in: page.text)
            if let form = forms.first(where: { isClient($0.action) }), form.isPost {
                return .client(address: form.action, parameters: FormParameters(form.values), isPost: true)
            }
            guard page.status < 400, let task = tasks.first(where: { $0.fits(address) }), visits[task.match, default: 0] < 3,
                let next = carryOut(task, forms, at: address)
            else { return stop }
            visits[task.match, default: 0] += 1
            stop = try await follow(next)
        }
        return stop
    }

    private func carryOut(_ task: BrowserTask, _ forms: [HTMLForm], at address: String) -> WebRequest? {
        var typed: [String: String] = [:]
        for command in task.commands {
            switch command {
            case .type(let by, let key, let text):
                guard let control = forms.flatMap(\.controls).first(where: { $0.attributes[by] == key }), let name = control.name else {
                    return nil
                }
                typed[name] = text
            case .click(let by, let key):
                for form in forms {
                    guard let button = form.controls.first(where: { $0.isButton && Self.has($0, by, key) }) else { continue }
                    var values = form.values.merging(typed.filter { name, _ in form.controls.contains { $0.name == name } }) { $1 }
                    if let name = button.name { values[name] = button.attributes["value"] ?? "" }
                    return send(form, values, from: address)
                }
                return nil
            }
        }
        return nil
    }

    private static func has(_ control: HTMLForm.Control, _ by: String, _ key: String) -> Bool {
        let value = control.attributes[by] ?? ""
        return by == "class" ? value.split(separator: " ").contains { $0 == key } : value == key
    }

    private func send(_ form: HTMLForm, _ values: [String: String], from address: String) -> WebRequest {
        let target = WebAddresses.resolve(form.action.isEmpty ? address : form.action, against: address)
        guard form.isPost else { return WebRequest(target.prefix { $0 != "?" } + "?" + FormParameters(values).encoded) }
        var request = WebRequest(target, form: values)
        request.fields += [("origin", WebAddresses.origin(address)), ("sec-fetch-site", "same-origin")]
        return request
    }

    // MARK: Requests

    private func follow(_ first: WebRequest) async throws -> Stop {
        var request = first
        for _ in 0..<20 {
            if isClient(request.address), request.method == "GET" {
                let query = request.address.drop { $0 != "?" }.dropFirst().prefix { $0 != "#" }
                return .client(address: request.address, parameters: try FormParameters(parsing: String(query)), isPost: false)
            }
            let answer = try await send(request)
            guard [301, 302, 303, 307, 308].contains(answer.status), let location = answer["location"] else {
                return .page(answer, address: request.address)
            }
            let target = WebAddresses.resolve(location, against: request.address)
            if answer.status == 307 || answer.status == 308 { request.address = target } else { request = WebRequest(target) }
        }
        throw ConformanceFailure("more than 20 redirects")
    }

    private func send(_ request: WebRequest) async throws -> WebAnswer {
        var request = request
        let host = WebAddresses.origin(request.address)
        if let cookies = jar[host], !cookies.isEmpty {
            request.fields.append(("cookie", cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")))
        }
        let answer = try await transport.send(request)
        for field in answer.fields where field.name == "set-cookie" { keep(field.value, host) }
        return answer
    }

    private func keep(_ field: String, _ host: String) {
        let parts = field.split(separator: ";").map { $0.drop { $0 == " " } }
        let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard pair.count == 2 else { return }
        let isOver = parts.dropFirst().contains { $0.lowercased() == "max-age=0" }
        jar[host, default: [:]][pair[0]] = isOver ? nil : pair[1]
    }

    private func isClient(_ address: String) -> Bool {
        clientAddresses.contains { known in
            address == known || address.hasPrefix(known + "?") || address.hasPrefix(known + "&") || address.hasPrefix(known + "#")
        }
    }
}

/// Addresses of pages.
enum WebAddresses {
    /// Scheme, host and port.
    static func origin(_ address: String) -> String {
        guard let mark = address.range(of: "://") else { return address }
        return String(address[..<mark.upperBound] + address[mark.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" })
    }

    /// An address in a page or a field, made absolute.
    static func resolve(_ text: String, against base: String) -> String {
        if text.contains("://") { return text }
        if text.hasPrefix("/") { return origin(base) + text }
        let bare = base.prefix { $0 != "?" && $0 != "#" }
        if text.hasPrefix("?") { return bare + text }
        return String(bare[...(bare.lastIndex(of: "/") ?? bare.startIndex)]) + text
    }
}
