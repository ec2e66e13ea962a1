/// The test of Subresource Integrity: where a page's scripts come from and whether their content is pinned.
enum IntegrityCheck {
    /// From harmless to worst.
    private static let order: [GradeResult] = [.integrityInsecure, .integrityMissing, .integrityNeither]

    static func result(_ capture: SiteCapture, _ page: PageElements?) -> GradeResult {
        guard let response = capture.page, let page else { return .integrityNoScripts }
        guard HeaderGrade.isHTML(response) else { return .integrityNotHTML }
        guard page.scriptCount > 0 else { return .integrityNoScripts }
        var worst: GradeResult?
        var hasForeign = false
        for script in page.scripts {
            let place = Place(script.source, of: response.url, site: capture.host)
            if place.isForeign {
                hasForeign = true
                let fault = fault(of: script, place)
                if let fault, rank(fault) > worst.map(rank) ?? -1 { worst = fault }
            } else if worst == nil, !script.integrity.isEmpty, place.isSecure {
                worst = .integrityAll
            }
        }
        return worst ?? (hasForeign ? .integrityExternal : .integritySameOrigin)
    }

    private static func fault(of script: PageElements.Script, _ place: Place) -> GradeResult? {
        switch (script.integrity.isEmpty, place.isSecure) {
        case (false, true): nil
        case (false, false): .integrityInsecure
        case (true, true): .integrityMissing
        case (true, false): .integrityNeither
        }
    }

    private static func rank(_ result: GradeResult) -> Int { order.firstIndex(of: result) ?? -1 }

    /// Where a script comes from, seen from its page.
    private struct Place {
        var isForeign: Bool
        var isSecure: Bool

        init(_ source: String, of page: GradedURL, site: String) {
            if source.hasPrefix("//") {
                (isForeign, isSecure) = (true, false)
            } else if let url = GradedURL(source) {
                (isForeign, isSecure) = (Self.registered(url.host) != Self.registered(site), url.scheme == "https")
            } else {
                (isForeign, isSecure) = (false, page.scheme == "https")
            }
        }

        /// The registered domain, guessed without the list of public suffixes: two labels, three below such as `co.uk`.
        private static func registered(_ host: String) -> String {
            let labels = host.split(separator: ".")
            let isCountry = labels.count > 2 && labels[labels.count - 1].count == 2 && labels[labels.count - 2].count <= 3
            return labels.suffix(isCountry ? 3 : 2).joined(separator: ".")
        }
    }
}
