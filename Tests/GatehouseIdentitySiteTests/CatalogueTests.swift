import GatehouseIdentitySite
import Testing

@Suite struct CatalogueTests {
    @Test func `every phrase has words and values stand in their places`() {
        let catalogue = Catalogue()
        for phrase in Phrase.allCases { #expect(!catalogue.text(phrase).isEmpty) }
        #expect(catalogue.text(.sessionTimes, ["a", "b"]) == "Since a, last used b")
        #expect(Catalogue(replacing: [.signIn: "Anmelden {2} {1} {x}"]).text(.signIn, ["1", "2"]) == "Anmelden 2 1 {x}")
    }

    @Test(arguments: [("#000000", "#ffffff"), ("#ffffff", "#000000"), ("#1f5fbf", "#ffffff"), ("#8ab4f8", "#000000"), ("#ffcc00", "#000000")])
    func `words on the accent are black or white, whichever is read better`(accent: String, ink: String) {
        #expect(Theme.ink(on: accent) == ink)
    }

    @Test func `what is no colour has no ink`() {
        for text in ["", "red", "#12", "#gggggg", "1f5fbf#"] { #expect(Theme.ink(on: text) == nil) }
    }
}
