// SecLang
