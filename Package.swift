// swift-tools-version: 6.2
import PackageDescription

/// Builds one engine, its dependencies and its tests alone, without any other package:
/// `GATEHOUSE_ONLY=Cedar swift test`. Several names are separated by commas.
let only = Set((Context.environment["GATEHOUSE_ONLY"] ?? "").split(separator: ",").map(String.init))

let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
]

// MARK: The layers, lowest first; a module imports only from rows above its own.

struct Module {
    var name: String
    var layer: String
    var modules: [String] = []
    var products: [(product: String, package: String)] = []
    var testModules: [String] = []
    var testProducts: [(product: String, package: String)] = []
    var isProduct = false
    var tested = true
    /// Files of the tests that are neither sources nor resources.
    var testFiles: [String] = []
}

let crypto = (product: "Crypto", package: "swift-crypto")
let cryptoExtras = (product: "CryptoExtras", package: "swift-crypto")
let x509 = (product: "X509", package: "swift-certificates")
let asn1 = (product: "SwiftASN1", package: "swift-asn1")
let nioCore = (product: "NIOCore", package: "swift-nio")
let nioPosix = (product: "NIOPosix", package: "swift-nio")
let nioEmbedded = (product: "NIOEmbedded", package: "swift-nio")
let nioTLS = (product: "NIOTLS", package: "swift-nio")
let nioSSL = (product: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP2 = (product: "NIOHTTP2", package: "swift-nio-http2")
let nioHPACK = (product: "NIOHPACK", package: "swift-nio-http2")
let yams = (product: "Yams", package: "Yams")
let grdb = (product: "GRDB", package: "GRDB.swift")
let atomics = (product: "Atomics", package: "swift-atomics")
let arguments = (product: "ArgumentParser", package: "swift-argument-parser")

let modules: [Module] = [
    // 1 engines: one published standard each; pure
    Module(name: "StrictJSON", layer: "Engines"),
    Module(name: "ECMARegex", layer: "Engines"),
    Module(name: "JSONSchema", layer: "Engines", modules: ["StrictJSON", "ECMARegex"]),
    Module(name: "OpenAPI", layer: "Engines", modules: ["StrictJSON", "JSONSchema", "CCompression"], products: [yams]),
    Module(name: "Cedar", layer: "Engines", modules: ["StrictJSON"]),
    Module(
        name: "SecLang", layer: "Engines", modules: ["CPCRE2", "CLibinjection"], products: [crypto]),
    Module(name: "SecLangFiles", layer: "Engines", modules: ["SecLang", "CMaxMindDB"]),
    Module(name: "Envelope", layer: "Engines", modules: ["StrictJSON", "CArgon2"], products: [crypto, cryptoExtras]),
    Module(name: "TransparencyLog", layer: "Engines", products: [crypto]),
    Module(name: "JOSE", layer: "Engines", modules: ["StrictJSON"], products: [crypto, cryptoExtras, asn1]),
    Module(name: "WebAuthn", layer: "Engines", modules: ["StrictJSON", "JOSE"], products: [crypto, cryptoExtras, x509, asn1]),
    Module(name: "Passwords", layer: "Engines", modules: ["CArgon2"], products: [crypto]),
    Module(name: "HTTPWire", layer: "Engines"),
    Module(name: "Markup", layer: "Engines"),
    Module(name: "QRCode", layer: "Engines"),
    Module(name: "HeaderGrade", layer: "Engines"),

    // 0 vocabulary
    Module(name: "GatehouseCore", layer: "Core", modules: ["CClock"]),

    // 2 ground
    Module(
        name: "GatehouseConfiguration", layer: "Ground", modules: ["GatehouseCore", "StrictJSON", "HTTPWire"], products: [yams],
        testModules: ["JSONSchema"]),
    Module(name: "GatehouseKeys", layer: "Ground", modules: ["Envelope", "CPKCS11"]),
    Module(
        name: "GatehouseStore", layer: "Ground", modules: ["GatehouseCore", "Envelope", "CPostgreSQL"],
        products: [grdb, crypto]),

    Module(
        name: "GatehouseOutgoing", layer: "Ground", modules: ["GatehouseCore", "GatehouseConfiguration", "HTTPWire"],
        products: [nioCore, nioPosix, nioTLS, nioSSL]),

    // 3 guards
    Module(
        name: "GatehouseGuards", layer: "Guards",
        modules: ["GatehouseCore", "GatehouseConfiguration", "HTTPWire", "StrictJSON", "CCompression", "CVectorscan"],
        products: [nioCore, atomics], testModules: ["GatehouseTesting"]),
    Module(
        name: "GatehouseFirewall", layer: "Guards",
        modules: ["GatehouseCore", "GatehouseConfiguration", "GatehouseGuards", "HTTPWire", "SecLang", "SecLangFiles"],
        products: [nioCore, nioPosix, crypto], testModules: ["GatehouseTesting", "GatehouseMonitor"]),
    Module(
        name: "GatehouseTesting", layer: "Guards", modules: ["GatehouseCore", "GatehouseGuards", "HTTPWire"], products: [nioCore],
        isProduct: true, tested: false),

    Module(
        name: "GatehouseValidation", layer: "Guards",
        modules: [
            "GatehouseCore", "GatehouseConfiguration", "GatehouseGuards", "HTTPWire", "OpenAPI", "JSONSchema", "StrictJSON",
        ],
        products: [nioCore], testModules: ["GatehouseTesting"]),
    Module(
        name: "GatehouseAuthentication", layer: "Guards",
        modules: [
            "GatehouseCore", "GatehouseConfiguration", "GatehouseGuards", "GatehouseOutgoing", "HTTPWire", "JOSE", "Passwords",
            "StrictJSON",
        ],
        products: [nioCore, crypto, x509, asn1], testModules: ["GatehouseTesting"], testProducts: [nioPosix]),

    Module(
        name: "GatehouseAuthorization", layer: "Guards",
        modules: [
            "GatehouseCore", "GatehouseConfiguration", "GatehouseGuards", "HTTPWire", "Cedar", "OpenAPI", "StrictJSON",
        ],
        products: [nioCore, crypto], testModules: ["GatehouseTesting"], testProducts: [nioEmbedded]),

    // 4 services
    Module(
        name: "GatehouseAudit", layer: "Services",
        modules: ["GatehouseCore", "StrictJSON", "Envelope", "TransparencyLog", "GatehouseStore"], products: [crypto],
        testModules: ["CrashSubject"]),
    Module(name: "GatehouseMonitor", layer: "Services", modules: ["GatehouseCore"], products: [atomics]),

    Module(
        name: "GatehouseIdentity", layer: "Services",
        modules: ["GatehouseCore", "GatehouseStore", "Envelope", "StrictJSON", "JOSE", "Passwords", "WebAuthn"], products: [crypto]),

    // 5 fronts
    Module(
        name: "GatehouseIdentitySite", layer: "Fronts",
        modules: [
            "GatehouseConfiguration", "GatehouseCore", "GatehouseIdentity", "GatehouseOutgoing", "GatehouseStore", "HTTPWire", "JOSE",
            "Markup",
            "Passwords", "QRCode", "StrictJSON", "WebAuthn",
        ],
        products: [crypto]),
    Module(
        name: "GatehouseProxy", layer: "Fronts",
        modules: ["GatehouseCore", "GatehouseConfiguration", "GatehouseGuards", "GatehouseOutgoing", "HTTPWire"],
        products: [nioCore, nioPosix, nioTLS, nioSSL, nioHTTP2, nioHPACK, atomics, x509, crypto, asn1],
        testProducts: [nioEmbedded]),

    // 6 assembly
    Module(
        name: "GatehouseServer", layer: "Assembly",
        modules: [
            "CMemory",
            "Envelope",
            "GatehouseAudit",
            "GatehouseAuthentication",
            "GatehouseAuthorization",
            "GatehouseConfiguration",
            "GatehouseCore",
            "GatehouseFirewall",
            "GatehouseGuards",
            "GatehouseIdentity",
            "GatehouseIdentitySite",
            "GatehouseKeys",
            "GatehouseMonitor",
            "GatehouseOutgoing",
            "GatehouseProxy",
            "GatehouseStore",
            "GatehouseValidation",
            "HTTPWire",
            "JOSE",
            "OpenAPI",
            "Passwords",
            "StrictJSON",
            "TransparencyLog",
            "WebAuthn",
        ],
        products: [nioCore, nioPosix, nioSSL, crypto], testModules: ["GatehouseTesting"]),
    Module(
        name: "GatehouseTools", layer: "Assembly",
        modules: [
            "CClock",
            "Cedar",
            "Envelope",
            "GatehouseAudit",
            "GatehouseAuthorization",
            "GatehouseConfiguration",
            "GatehouseCore",
            "GatehouseFirewall",
            "GatehouseGuards",
            "GatehouseTesting",
            "HTTPWire",
            "GatehouseKeys",
            "GatehouseIdentity",
            "GatehouseIdentitySite",
            "GatehouseOutgoing",
            "GatehouseValidation",
            "GatehouseStore",
            "HeaderGrade",
            "JOSE",
            "JSONSchema",
            "OpenAPI",
            "Passwords",
            "SecLang",
            "SecLangFiles",
            "StrictJSON",
            "TransparencyLog",
            "WebAuthn",
        ],
        products: [x509, asn1, crypto, cryptoExtras, nioCore, nioPosix, nioSSL, yams],
        testFiles: ["Scripts"]),
]

// MARK: C libraries of the system: module maps, nothing else

let systemLibraries: [Target] = [
    .systemLibrary(name: "CClock", path: "Sources/System/CClock"),
    .systemLibrary(name: "CMemory", path: "Sources/System/CMemory"),
    .systemLibrary(name: "CPCRE2", path: "Sources/System/CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(name: "CVectorscan", path: "Sources/System/CVectorscan", pkgConfig: "libhs", providers: [.apt(["libvectorscan-dev"])]),
    .systemLibrary(name: "CLibinjection", path: "Sources/System/CLibinjection", providers: [.apt(["libmodsecurity-dev"])]),
    .systemLibrary(
        name: "CMaxMindDB", path: "Sources/System/CMaxMindDB", pkgConfig: "libmaxminddb", providers: [.apt(["libmaxminddb-dev"])]),
    .systemLibrary(name: "CArgon2", path: "Sources/System/CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
    .systemLibrary(name: "CPostgreSQL", path: "Sources/System/CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CPKCS11", path: "Sources/System/CPKCS11", pkgConfig: "p11-kit-1", providers: [.apt(["libp11-kit-dev"])]),
    .systemLibrary(name: "CCompression", path: "Sources/System/CCompression", providers: [.apt(["zlib1g-dev", "libbrotli-dev"])]),
]

// MARK: Program

let program = Module(
    name: "gatehouse", layer: "Program",
    modules: [
        "GatehouseCore", "GatehouseConfiguration", "GatehouseFirewall", "GatehouseKeys", "GatehouseServer", "GatehouseTools", "JSONSchema",
        "OpenAPI",
    ],
    products: [arguments], tested: false)

// MARK: Assembly of the manifest

let packages: [String: Package.Dependency] = [
    "swift-nio": .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    "swift-nio-ssl": .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
    "swift-nio-http2": .package(url: "https://github.com/apple/swift-nio-http2.git", from: "1.46.0"),
    "swift-crypto": .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
    "swift-certificates": .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.1"),
    "swift-asn1": .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.4"),
    "swift-atomics": .package(url: "https://github.com/apple/swift-atomics.git", from: "1.3.0"),
    "swift-argument-parser": .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    "Yams": .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    "GRDB.swift": .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
]

/// Adds the module's name and all that it and its tests stand on.
func collect(_ name: String, into names: inout Set<String>) {
    guard names.insert(name).inserted, let module = modules.first(where: { $0.name == name }) else { return }
    for required in module.modules + module.testModules { collect(required, into: &names) }
}

let wanted = only.reduce(into: Set<String>()) { collect($1, into: &$0) }
let chosen = only.isEmpty ? modules + [program] : modules.filter { wanted.contains($0.name) }

func dependencies(_ names: [String], _ products: [(product: String, package: String)]) -> [Target.Dependency] {
    names.map { .byName(name: $0) } + products.map { .product(name: $0.product, package: $0.package) }
}

func targets(of module: Module) -> [Target] {
    let path = "Sources/\(module.layer)/\(module.name)"
    let requirements = dependencies(module.modules, module.products)
    if module.layer != "Program", !module.tested {
        return [.target(name: module.name, dependencies: requirements, path: path, swiftSettings: strict)]
    }
    guard module.tested else {
        return [.executableTarget(name: module.name, dependencies: requirements, path: "Sources/\(module.layer)", swiftSettings: strict)]
    }
    return [
        .target(name: module.name, dependencies: requirements, path: path, swiftSettings: strict),
        .testTarget(
            name: module.name + "Tests",
            dependencies: dependencies(
                [module.name, "ConformanceSupport"] + module.modules + module.testModules,
                module.products + module.testProducts),
            exclude: module.testFiles, swiftSettings: strict),
    ]
}

/// Is killed by the tests of what must outlive it.
let crashSubject: [Target] =
    chosen.contains { $0.name == "GatehouseAudit" }
    ? [
        .executableTarget(
            name: "CrashSubject", dependencies: dependencies(["Envelope", "GatehouseStore", "GatehouseAudit"], []),
            path: "Tests/CrashSubject",
            swiftSettings: strict)
    ] : []

let usedPackages = Set(chosen.flatMap { ($0.products + $0.testProducts).map(\.package) })
let usedLibraries = Set(chosen.flatMap(\.modules))

let package = Package(
    name: "gatehouse",
    products: chosen.filter { $0.layer == "Engines" || $0.isProduct }.map { .library(name: $0.name, targets: [$0.name]) },
    dependencies: packages.filter { usedPackages.contains($0.key) }.map(\.value),
    targets: chosen.flatMap(targets(of:)) + crashSubject
        + systemLibraries.filter { usedLibraries.contains($0.name) }
        + [.target(name: "ConformanceSupport", path: "Tests/ConformanceSupport", swiftSettings: strict)],
    swiftLanguageModes: [.v6]
)
