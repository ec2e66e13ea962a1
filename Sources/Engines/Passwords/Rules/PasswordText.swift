import Foundation

/// One spelling for each password.
public enum PasswordText {
    /// The bytes that are hashed: UTF-8 of the NFKC form, so that a password typed on another keyboard is the same
    /// (NIST SP 800-63B-4 section 3.1.1.2).
    public static func normalized(_ password: String) -> [UInt8] {
        if password.utf8.allSatisfy({ $0 < 0x80 }) { return Array(password.utf8) }
        return Array(password.precomposedStringWithCompatibilityMapping.utf8)
    }

    /// Lower case and NFKC, for comparison with lists.
    static func folded(_ password: String) -> String { password.precomposedStringWithCompatibilityMapping.lowercased() }
}
