import GatehouseIdentity
import StrictJSON

/// What a browser wanted before it had to sign in: an authorization request, or a page of ours.
///
/// Carried by the browser itself, sealed, so that nothing is stored for whoever has not signed in.
struct Flow: Sendable, Equatable {
    /// Where it goes on.
    enum Aim: Sendable, Equatable {
        /// The authorization endpoint, with these parameters.
        case authorize(String)
        /// The end session endpoint, with these parameters.
        case logOut(String)
        /// A page of ours: path and query below the issuer's path.
        case page(String)
    }

    var aim: Aim
    /// When it was first asked for, in seconds since 1970.
    var begun: Int64
    /// True where a stronger sign-in is asked for, so that a remembered browser does not count.
    var isStepUp = false

    private static let lifetime: Int64 = 3600

    func isAlive(at now: Int64) -> Bool { now < begun + Self.lifetime }

    var bytes: [UInt8] {
        let (kind, text) =
            switch aim {
            case .authorize(let text): ("a", text)
            case .logOut(let text): ("l", text)
            case .page(let text): ("p", text)
            }
        return JSONValue.object(["k": .string(kind), "t": .string(text), "b": JSONValue(begun), "s": .bool(isStepUp)]).bytes()
    }

    init(_ aim: Aim, begun: Int64, isStepUp: Bool = false) {
        self.aim = aim
        self.begun = begun
        self.isStepUp = isStepUp
    }

    init?(bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes), let text = value["t"]?.string, let begun = value["b"]?.int64 else { return nil }
        self.begun = begun
        isStepUp = value["s"]?.bool ?? false
        switch value["k"]?.string {
        case "a": aim = .authorize(text)
        case "l": aim = .logOut(text)
        case "p": aim = .page(text)
        default: return nil
        }
    }

    /// The parameters of an authorization request or a sign-out.
    var parameters: FormParameters? {
        switch aim {
        case .authorize(let text), .logOut(let text): try? FormParameters(parsing: text)
        case .page: nil
        }
    }
}
