// Tests of SecLang
