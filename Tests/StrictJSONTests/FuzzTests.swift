import StrictJSON
import Testing

@Suite struct FuzzTests {
    static let seeds = [
        #"{"a":[1,2.5e-3,"x\u00e9\ud83d\ude00"],"b":{"c":null,"d":true},"long key with spaces":"漢字 and more"}"#, "[[[[1]]],{},[],\"\",-0]",
        #"{"k0":0,"k1":1,"k2":2,"k3":3,"k4":4,"k5":5,"k6":6,"k7":7,"k8":8,"k9":9}"#,
    ]

    @Test(arguments: seeds.indices)
    func mutatedTextsNeverStopTheReader(seed: Int) {
        var generator = Generator(state: UInt64(seed) + 1)
        let tokens = ["\"", "\\", "{", "}", "[", "]", ",", ":", "\\u", "\\ud800", "1e309", "0", "-", "é", "\u{0}", "null"].map { Array($0.utf8) }
        for _ in 0..<3000 {
            var bytes = Array(Self.seeds[seed].utf8)
            for _ in 0...Int.random(in: 0..<4, using: &generator) {
                let place = Int.random(in: 0...bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes.insert(contentsOf: tokens.randomElement(using: &generator) ?? [], at: place)
                case 1 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 2: bytes.removeLast(bytes.count - place)
                default: bytes.removeSubrange(place..<min(place + 3, bytes.count))
                }
            }
            fuzzJSON(bytes)
        }
    }
}

/// A generator with a seed (SplitMix64).
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
