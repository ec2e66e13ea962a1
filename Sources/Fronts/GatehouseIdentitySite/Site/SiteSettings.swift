/// How the provider's pages look and what they offer.
public struct SiteSettings: Sendable {
    /// The name of the house, shown on every page and in authenticator apps.
    public var name = "Gatehouse"
    /// Colours and logo.
    public var theme = Theme()
    /// The words.
    public var catalogue = Catalogue()
    /// Scopes that users may give their personal tokens.
    public var personalTokenScopes: [String] = []
    /// Longest life of a personal token in days; 365.
    public var personalTokenDays: Int64 = 365
    /// How long after a sign-in a user may change factors and passwords without signing in again, in seconds; 600.
    public var freshness: Int64 = 600
    /// Whether users can ask for a link to choose a new password; true where mail can be sent.
    public var offersPasswordReset = true

    /// The defaults.
    public init() {}
}

/// The look of the pages, by a few values.
public struct Theme: Sendable, Equatable {
    /// Whether pages are light, dark, or as the browser is set.
    public enum Mode: String, Sendable, CaseIterable {
        /// As the browser is set.
        case auto
        /// Always light.
        case light
        /// Always dark.
        case dark
    }

    /// The colour of buttons and links, `#rrggbb`.
    public var accent = "#1f5fbf"
    /// The same on dark pages.
    public var accentOnDark = "#8ab4f8"
    /// Light, dark or as the browser is set.
    public var mode = Mode.auto
    /// Corners, in pixels; 10.
    public var radius = 10
    /// A logo: its bytes and media type.
    public var logo: Logo?

    /// A picture.
    public struct Logo: Sendable, Equatable {
        /// Its bytes.
        public var bytes: [UInt8]
        /// `image/png`, `image/jpeg`, `image/webp` or `image/svg+xml`.
        public var mediaType: String

        /// A picture of its parts.
        public init(bytes: [UInt8], mediaType: String) {
            self.bytes = bytes
            self.mediaType = mediaType
        }
    }

    /// The house's own look.
    public init() {}

    /// Black or white, whichever is read better on a colour `#rrggbb` (WCAG 2.2, relative luminance); nil where it is none.
    public static func ink(on color: String) -> String? {
        guard color.utf8.count == 7, color.hasPrefix("#"), let number = UInt32(color.dropFirst(), radix: 16) else { return nil }
        let parts = [number >> 16 & 255, number >> 8 & 255, number & 255].map { linear(Double($0) / 255) }
        let luminance = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
        return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#ffffff" : "#000000"
    }

    /// An approximation of the sRGB curve that is good to 1 %: x² and x³ mixed.
    private static func linear(_ value: Double) -> Double { value * (value * (value * 0.305306011 + 0.682171111) + 0.012522878) }
}
