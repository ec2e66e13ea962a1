/// The look of the provider's pages.
public struct IdentityTheme: Sendable, Equatable {
    /// Light or dark.
    public enum Mode: String, Sendable, CaseIterable, ConfigurationChoice {
        /// As the browser is set.
        case auto
        /// Always light.
        case light
        /// Always dark.
        case dark
    }

    /// Light, dark, or as the browser is set.
    public var mode = Mode.auto
    /// The colour of buttons and links on light pages.
    public var accent = HexColor("#1f5fbf")
    /// The same on dark pages.
    public var accentOnDark = HexColor("#8ab4f8")
    /// Corners in pixels; default 10.
    public var radius = 10
    /// A picture beside the name.
    public var logo: FilePath?

    /// The house's own look.
    public init() {}
}

extension IdentityTheme: ConfigurationSection {
    /// Its name in the documentation.
    public static var title: String { "theme" }
    /// What it is for.
    public static var about: String { "The look of the provider's pages." }

    /// Its keys.
    public static var keys: [ConfigurationKey<IdentityTheme>] {
        [
            ConfigurationKey("mode", \.mode, "Light, dark, or as the browser is set."),
            ConfigurationKey("accent", \.accent, "The colour of buttons and links on light pages."),
            ConfigurationKey("accent_on_dark", \.accentOnDark, "The same on dark pages."),
            ConfigurationKey("radius", \.radius, in: 0...32, "Corners, in pixels."),
            ConfigurationKey("logo", \.logo.existing, "A picture beside the name: `.png`, `.jpg`, `.webp` or `.svg`."),
        ]
    }
}

/// A colour of 24 bits.
public struct HexColor: Sendable, Hashable, CustomStringConvertible {
    /// `#rrggbb`.
    public let description: String

    init(_ text: String) { description = text }
}

extension HexColor: ConfigurationScalar {
    /// What it looks like.
    public static var scalarForm: ScalarForm { ScalarForm("colour", example: "\"#1f5fbf\"", pattern: "^#[0-9a-fA-F]{6}$") }

    /// Reads the word; nil where it is none.
    public static func configured(_ text: String) -> HexColor? {
        text.utf8.count == 7 && text.hasPrefix("#") && UInt32(text.dropFirst(), radix: 16) != nil && !text.contains("+")
            ? HexColor(text) : nil
    }

    /// Colours without a hash.
    public static func hint(for text: String) -> String? { configured("#" + text).map { "did you mean `\"\($0)\"`? a `#` needs quotes" } }
}
