import GatehouseIdentity

/// The one style sheet: light and dark, wide and narrow, with the values of the theme.
enum StyleSheet {
    static func answer(_ theme: Theme) -> IdentityResponse {
        Asset.answer(Array(text(theme).utf8), mediaType: "text/css; charset=utf-8")
    }

    /// The values of the theme come first. They are colours and numbers that were checked when they were read.
    static func text(_ theme: Theme) -> String {
        let light = palette(
            accent: theme.accent, page: "#f3f5f8", card: "#ffffff", ink: "#1b2430", soft: "#546072", line: "#c3cad4", alert: "#8c1d18",
            alertPage: "#fdecea", note: "#0b5a3c", notePage: "#e4f5ec")
        let dark = palette(
            accent: theme.accentOnDark, page: "#12161c", card: "#1b212a", ink: "#e8ecf2", soft: "#a9b4c2", line: "#465160",
            alert: "#ffb4ab",
            alertPage: "#3b1815", note: "#9fe3c0", notePage: "#12301f")
        var sheet = ":root{\(light)--radius:\(theme.radius)px;color-scheme:light}\n"
        switch theme.mode {
        case .light: break
        case .dark: sheet += ":root{\(dark)color-scheme:dark}\n"
        case .auto: sheet += "@media (prefers-color-scheme:dark){:root{\(dark)color-scheme:dark}}\n"
        }
        return sheet + rules
    }

    private static func palette(
        accent: String, page: String, card: String, ink: String, soft: String, line: String, alert: String, alertPage: String, note: String,
        notePage: String
    ) -> String {
        "--accent:\(accent);--on-accent:\(Theme.ink(on: accent) ?? "#fff");--page:\(page);--card:\(card);--ink:\(ink);--soft:\(soft);"
            + "--line:\(line);--alert:\(alert);--alert-page:\(alertPage);--note:\(note);--note-page:\(notePage);"
    }

    private static let rules = """
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
        a{color:var(--accent)}
        header{display:flex;justify-content:space-between;align-items:center;gap:1rem;max-width:46rem;margin:0 auto;padding:1rem}
        .brand{display:flex;align-items:center;gap:.6rem;font-weight:650;color:var(--ink);text-decoration:none}
        .who{color:var(--soft);overflow-wrap:anywhere}
        main{max-width:30rem;margin:1rem auto 3rem;padding:1.5rem;background:var(--card);border:1px solid var(--line);border-radius:var(--radius)}
        main:has(nav){max-width:46rem}
        h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}
        h2{font-size:1.1rem;margin:1.75rem 0 .25rem}
        .skip{position:absolute;left:-99rem}
        .skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem 1rem;z-index:1}
        nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0 0 .75rem;margin:0 0 1.25rem;border-bottom:1px solid var(--line)}
        nav a[aria-current]{color:var(--ink);font-weight:650;text-decoration:none}
        .field{margin:1rem 0}
        label{display:block;font-weight:600}
        input:not([type=checkbox]){width:100%;margin-top:.3rem;padding:.65rem .75rem;font:inherit;color:inherit;background:var(--page);border:1px solid var(--soft);border-radius:calc(var(--radius)*.6)}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        .hint{color:var(--soft);font-size:.9rem;margin:.3rem 0 0}
        main>.hint{margin-top:1rem}
        .check{display:flex;gap:.6rem;align-items:flex-start;font-weight:400;margin:.6rem 0}
        .check input{width:1.25rem;height:1.25rem;margin:.15rem 0 0;flex:none;accent-color:var(--accent)}
        fieldset{border:1px solid var(--line);border-radius:calc(var(--radius)*.6);padding:.25rem 1rem .75rem;margin:1rem 0}
        legend{padding:0 .4rem;font-weight:600}
        button,.button{display:inline-block;min-height:2.75rem;padding:.6rem 1.2rem;font:inherit;font-weight:600;border-radius:calc(var(--radius)*.6);border:1px solid var(--accent);background:var(--accent);color:var(--on-accent);text-decoration:none;cursor:pointer}
        button.quiet{background:none;color:var(--ink);border-color:var(--soft)}
        button:hover,.button:hover{filter:brightness(1.08)}
        button:disabled{opacity:.6;cursor:progress}
        main>form>button.primary,#passkey-button{width:100%;margin-top:.5rem}
        .row{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center;margin-top:1rem}
        .others{display:flex;flex-direction:column;gap:.6rem;margin-top:1.5rem;padding-top:1rem;border-top:1px solid var(--line)}
        .others:empty{display:none}
        .alert,.note{padding:.7rem 1rem;border-radius:calc(var(--radius)*.6);border-left:4px solid}
        .alert{color:var(--alert);background:var(--alert-page)}
        .note{color:var(--note);background:var(--note-page)}
        .list{list-style:none;padding:0;margin:1rem 0}
        .list li{display:flex;justify-content:space-between;gap:1rem;align-items:center;padding:.75rem 0;border-top:1px solid var(--line)}
        .list li>div{min-width:0;overflow-wrap:anywhere}
        .badge{margin-left:.6rem;padding:.1rem .5rem;font-size:.8rem;border:1px solid var(--soft);border-radius:99px;color:var(--soft);white-space:nowrap}
        dl{display:grid;grid-template-columns:auto 1fr;gap:.4rem 1.25rem}
        dt{color:var(--soft)}
        dd{margin:0;overflow-wrap:anywhere}
        .code,.codes code{font-family:ui-monospace,"Liberation Mono",monospace;font-size:1.1rem;letter-spacing:.04em;overflow-wrap:anywhere}
        .code{padding:.75rem 1rem;background:var(--page);border-radius:calc(var(--radius)*.6)}
        .codes{columns:2;list-style:none;padding:1rem;background:var(--page);border-radius:calc(var(--radius)*.6)}
        .qr{display:block;width:min(15rem,100%);margin:1rem auto;border-radius:calc(var(--radius)*.6)}
        @media (max-width:34rem){main{margin:0;border-width:1px 0;border-radius:0;padding:1.25rem 1rem}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.6rem}.codes{columns:1}.list li{flex-wrap:wrap}}
        @media (prefers-reduced-motion:no-preference){button,.button{transition:filter .15s}}

        """
}
