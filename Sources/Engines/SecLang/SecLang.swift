// SecLang: the rule language of ModSecurity 2.9, as an engine without I/O.
//
// `RuleSet` reads and compiles rule text; `Transaction` is fed one HTTP exchange and says, phase by phase, whether it may go on.
