// swift-tools-version: 6.2

import PackageDescription

/// Every target is built alike: imports are explicit and private, existentials are spelt out, a warning stops the
/// build.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    // Generic code of one target, specialised for the types of another: a fifth of a stage's time. Each function in a
    // section of its own, so that the linker can choose its place. Allowed in a root package.
    .unsafeFlags(
        ["-cross-module-optimization", "-Xfrontend", "-function-sections"], .when(configuration: .release)),
]

/// How everything is linked, by way of the one target that all have: the toolchain's lld takes half the time of gold.
/// Symbols that nobody looks up and addresses written out one by one were an eighth of what a service holds in memory.
let linking: [LinkerSetting] = [
    .unsafeFlags(
        ["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "--no-export-dynamic"],
        .when(platforms: [.linux])),
    // What runs stands side by side, as deploy/bench-instructions --order found it: a sixth of what a service holds.
    .unsafeFlags(
        [
            "-Xlinker", "--symbol-ordering-file=\(Context.packageDirectory)/deploy/lib/link/functions.txt",
            "-Xlinker", "--no-warn-symbol-ordering",
            "-Xlinker", "-T", "-Xlinker", "\(Context.packageDirectory)/deploy/lib/link/unnamed.ld",
        ],
        .when(platforms: [.linux], configuration: .release)),
]

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let configuration = product(name: "Configuration", package: "swift-configuration")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let cryptoExtras = product(name: "CryptoExtras", package: "swift-crypto")
    static let deque = product(name: "DequeModule", package: "swift-collections")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let histogram = product(name: "Histogram", package: "hdrhistogram-swift")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let hummingbirdTLS = product(name: "HummingbirdTLS", package: "hummingbird")
    static let hummingbirdTesting = product(name: "HummingbirdTesting", package: "hummingbird")
    static let jwtKit = product(name: "JWTKit", package: "jwt-kit")
    static let lifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let lifecycleTesting = product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle")
    static let logging = product(name: "Logging", package: "swift-log")
    static let metrics = product(name: "Metrics", package: "swift-metrics")
    static let metricsCore = product(name: "CoreMetrics", package: "swift-metrics")
    static let mustache = product(name: "Mustache", package: "swift-mustache")
    static let tracing = product(name: "Tracing", package: "swift-distributed-tracing")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let nioTLS = product(name: "NIOTLS", package: "swift-nio")
    static let yams = product(name: "Yams", package: "Yams")
}

let package = Package(
    name: "intake",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "ingest-service", targets: ["IngestService"]),
        .executable(name: "geocode-service", targets: ["GeocodeService"]),
        .executable(name: "decision-service", targets: ["DecisionService"]),
        .executable(name: "callback-service", targets: ["CallbackService"]),
        .executable(name: "intake", targets: ["Operator"]),
    ],
    // Exact, so that a build of any day is the same one: the versions that were tested together. What they depend on in
    // turn stands in Package.resolved. Raised together, by hand: `swift package update`, the whole of deploy/test, a
    // line in the changelog.
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", exact: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
    ],
    targets: [
        .systemLibrary(
            name: "CAmqp", pkgConfig: "librabbitmq", providers: [.apt(["librabbitmq-dev"]), .brew(["rabbitmq-c"])]),
        // The library that GRDB uses. GRDB's own module of it is a product: with that, SwiftPM links GRDB once more, as
        // a dynamic library, which fails without the dynamic runtime.
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "CPostgres"),
        .target(
            name: "Contracts", dependencies: [.crypto],
            // What check compares with, and no part of any program.
            exclude: ["Released"],
            resources: [.embedInCode("asyncapi.yaml"), .embedInCode("Schemas")],
            swiftSettings: strict,
            linkerSettings: linking),
        .target(name: "AdminAPI", dependencies: ["Contracts"], swiftSettings: strict),
        .target(
            name: "AdminCalls",
            dependencies: ["AdminAPI", "Contracts", "HTTPExchange", .asyncHTTPClient, .nioCore, .nioHTTP1],
            swiftSettings: strict),
        .target(
            name: "Broker", dependencies: ["CAmqp", .deque, .lifecycle, .logging, .metrics], swiftSettings: strict),
        .target(
            name: "HTTPListener",
            dependencies: [
                "Contracts", .httpTypes, .hummingbird, .hummingbirdCore, .hummingbirdTLS, .logging, .metrics,
                .metricsCore, .nioCore,
                .nioHTTP1, .nioSSL,
            ],
            swiftSettings: strict),
        .target(
            name: "Pages",
            dependencies: [
                "Contracts", "HTTPListener", .crypto, .httpTypes, .hummingbird, .mustache, .nioCore,
            ],
            resources: [.embedInCode("Assets"), .embedInCode("Templates")],
            swiftSettings: strict),
        .target(
            name: "ServiceRuntime",
            dependencies: [
                "AdminAPI", "Broker", "CJemalloc", "Contracts", "HTTPExchange", "HTTPListener", .asyncHTTPClient,
                .configuration, .deque, .httpTypes, .hummingbird, .lifecycle,
                .logging, .metrics, .metricsCore, .nioCore, .nioHTTP1, .tracing, .unixSignals, .yams,
            ],
            swiftSettings: strict),
        .target(
            name: "PostgreSQL", dependencies: ["CPostgres", "Contracts", "ServiceRuntime", .deque],
            swiftSettings: strict),
        .target(
            name: "DeadLetters", dependencies: ["Broker", "Contracts", "ServiceRuntime", .lifecycle, .logging],
            swiftSettings: strict),
        .target(
            name: "OpenIDConnect",
            dependencies: [
                "Contracts", "HTTPExchange", "ServiceRuntime", .asyncHTTPClient, .crypto, .jwtKit, .nioCore, .nioHTTP1,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "IngestService",
            dependencies: [
                "AdminAPI", "AdminCalls", "Broker", "CSQLite", "Contracts", "CoverageMap", "DeadLetters",
                "HTTPListener", "OpenIDConnect", "Pages", "PostgreSQL", "ServiceRuntime", .crypto, .grdb,
                .httpTypes, .hummingbird, .hummingbirdCore, .hummingbirdTLS, .lifecycle, .logging, .metrics, .nioCore,
                .nioSSL, .yams,
            ],
            resources: [.embedInCode("FrontDoor/openapi.yaml")],
            swiftSettings: strict),
        .target(
            name: "Places", dependencies: ["Contracts"],
            resources: [.copy("Resources/gazetteer.bin"), .copy("Resources/CREDITS.txt")],
            swiftSettings: strict),
        .target(name: "AddressTable", dependencies: ["Contracts", "Places", .grdb], swiftSettings: strict),
        // Many small allocations on several threads: a tenth of the time with glibc's own malloc.
        .target(name: "CJemalloc", linkerSettings: [.linkedLibrary("jemalloc", .when(platforms: [.linux]))]),
        .target(name: "CRe2", linkerSettings: [.linkedLibrary("re2")]),
        .target(
            name: "HTTPExchange", dependencies: [.asyncHTTPClient, .nioCore, .nioHTTP1, .nioPosix, .nioSSL],
            swiftSettings: strict),
        .executableTarget(
            name: "GeocodeService",
            dependencies: [
                "AddressTable", "Contracts", "HTTPExchange", "Places", "ServiceRuntime", .asyncHTTPClient, .crypto,
                .grdb, .lifecycle, .logging, .metrics, .nioCore, .nioHTTP1, .yams,
            ],
            swiftSettings: strict),
        .target(
            name: "CoverageMap", dependencies: ["Contracts", .crypto],
            resources: [.copy("Resources/counties.bin"), .copy("Resources/CREDITS.txt")],
            swiftSettings: strict),
        .executableTarget(
            name: "DecisionService",
            dependencies: [
                "AdminAPI", "Contracts", "HTTPListener", "Places", "ServiceRuntime", .crypto, .httpTypes, .hummingbird,
                .lifecycle,
                .logging,
                .metrics, .nioCore, .yams,
            ],
            resources: [.embedInCode("Questions/openapi.yaml")],
            swiftSettings: strict),
        .executableTarget(
            name: "CallbackService",
            dependencies: [
                "AdminAPI", "CRe2", "Contracts", "HTTPExchange", "HTTPListener", "PostgreSQL", "ServiceRuntime",
                .asyncHTTPClient,
                .crypto, .grdb, .httpTypes, .hummingbird, .lifecycle, .logging, .metrics, .nioCore, .nioHTTP1,
                .nioPosix, .nioSSL,
                .nioTLS, .yams,
            ],
            swiftSettings: strict),
        .target(
            name: "Terminal", dependencies: ["Contracts", "ServiceRuntime", .argumentParser, .configuration],
            swiftSettings: strict),
        .target(
            name: "PartnerSimulator",
            dependencies: [
                "Contracts", "HTTPExchange", "ServiceRuntime", "Terminal", .argumentParser, .asyncHTTPClient, .crypto,
                .histogram,
                .httpTypes, .hummingbird, .lifecycle, .logging, .nioCore, .nioHTTP1, .unixSignals,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "Operator",
            dependencies: [
                "AddressTable", "AdminAPI", "AdminCalls", "Broker", "Contracts", "CoverageMap", "DeadLetters",
                "PartnerSimulator", "Places", "ServiceRuntime", "Terminal", .argumentParser, .configuration, .crypto,
                .lifecycle, .logging, .yams,
            ],
            swiftSettings: strict),
        // For contributors: no product of the package, and in no image.
        .executableTarget(
            name: "ContractTool", dependencies: ["Contracts", "Terminal", .argumentParser, .yams], swiftSettings: strict
        ),
        .target(
            name: "TestSupport",
            dependencies: [
                "Contracts", .asyncHTTPClient, .crypto, .cryptoExtras, .logging, .nioCore, .nioHTTP1, .nioPosix,
                .nioSSL,
            ],
            path: "Tests/TestSupport", swiftSettings: strict),
        .executableTarget(
            name: "ContractMessages", dependencies: ["Contracts"], path: "Tests/ContractMessages", swiftSettings: strict
        ),
        .executableTarget(
            name: "HostileAnswers", dependencies: ["TestSupport"], path: "Tests/HostileAnswers", swiftSettings: strict),
        .testTarget(
            name: "AdminAPITests",
            dependencies: ["AdminAPI", "AdminCalls", "Contracts", "TestSupport", .nioCore, .nioHTTP1],
            swiftSettings: strict),
        .testTarget(name: "ContractsTests", dependencies: ["Contracts"], swiftSettings: strict),
        .testTarget(
            name: "ContractTests",
            dependencies: [
                "TestSupport", "CallbackService", "ContractMessages", "Contracts", "DecisionService", "GeocodeService",
                "IngestService", "ServiceRuntime", .configuration, .logging, .yams,
            ],
            exclude: ["Golden", "Pacts"], swiftSettings: strict),
        .testTarget(
            name: "BrokerTests",
            dependencies: ["Broker", "Contracts", "TestSupport", .lifecycle, .lifecycleTesting, .logging],
            swiftSettings: strict),
        .testTarget(
            name: "HTTPListenerTests",
            dependencies: [
                "TestSupport", "HTTPListener", .httpTypes, .hummingbird, .hummingbirdCore, .hummingbirdTesting,
                .logging,
                .nioCore,
                .nioEmbedded, .nioHTTP1, .nioPosix, .nioSSL, .nioTLS,
            ],
            swiftSettings: strict),
        .testTarget(name: "PagesTests", dependencies: ["Pages", .httpTypes, .hummingbird], swiftSettings: strict),
        .testTarget(
            name: "ServiceRuntimeTests",
            dependencies: [
                "AdminAPI", "Broker", "CallbackService", "TestSupport", "Contracts", "HTTPListener", "ServiceRuntime",
                .configuration, .httpTypes,
                .hummingbird, .hummingbirdTesting, .lifecycle, .lifecycleTesting,
                .logging, .metrics, .metricsCore, .nioCore, .nioEmbedded, .tracing,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "IngestServiceTests",
            dependencies: [
                "AdminAPI", "AdminCalls", "IngestService", "TestSupport", "Contracts", "CoverageMap", "DeadLetters",
                "HTTPListener",
                "OpenIDConnect", "Pages", "PostgreSQL",
                "ServiceRuntime",
                .asyncHTTPClient, .configuration, .crypto, .grdb,
                .httpTypes, .hummingbird, .hummingbirdTesting, .lifecycle, .lifecycleTesting, .logging, .nioCore,
                .nioEmbedded, .nioHTTP1, .nioPosix, .nioSSL, .tracing, .yams,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "OpenIDConnectTests",
            dependencies: [
                "Contracts", "HTTPExchange", "OpenIDConnect", "ServiceRuntime", "TestSupport", .crypto, .cryptoExtras,
                .nioCore,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "HTTPExchangeTests",
            dependencies: [
                "Contracts", "HTTPExchange", "TestSupport", .asyncHTTPClient, .nioCore, .nioEmbedded, .nioHTTP1,
                .nioPosix,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "GeocodeServiceTests",
            dependencies: [
                "AddressTable", "GeocodeService", "Contracts", "Places", "TestSupport", "ServiceRuntime",
                .configuration,
                .grdb,
                .lifecycle, .logging, .nioCore, .nioPosix,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "AddressTableTests", dependencies: ["AddressTable", "Contracts", .grdb], swiftSettings: strict),
        .testTarget(name: "PlacesTests", dependencies: ["Places", "Contracts"], swiftSettings: strict),
        .testTarget(
            name: "CoverageMapTests", dependencies: ["Contracts", "CoverageMap", .crypto], swiftSettings: strict),
        .testTarget(
            name: "DecisionServiceTests",
            dependencies: [
                "AdminAPI", "DecisionService", "Contracts", "HTTPListener", "Places", "ServiceRuntime", .httpTypes,
                .hummingbird,
                .hummingbirdTesting, .logging, .nioCore,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CallbackServiceTests",
            dependencies: [
                "AdminAPI", "CallbackService", "Contracts", "PostgreSQL", "TestSupport", "ServiceRuntime",
                .asyncHTTPClient,
                .crypto, .grdb,
                .httpTypes,
                .hummingbird, .hummingbirdTesting, .lifecycle, .logging, .nioCore, .nioHTTP1, .nioPosix, .nioSSL,
                .tracing,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "OperatorTests",
            dependencies: [
                "AddressTable", "AdminAPI", "Broker", "Contracts", "CoverageMap", "DeadLetters", "Operator", "Places",
                "Terminal",
                "TestSupport",
                .argumentParser, .asyncHTTPClient, .crypto, .hummingbird, .lifecycle, .logging, .nioCore, .nioHTTP1,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "AddressTable", "AdminAPI", "Broker", "CAmqp", "CallbackService", "Contracts", "DecisionService",
                "GeocodeService", "HTTPExchange", "HTTPListener", "IngestService", "OpenIDConnect", "Operator",
                "Places",
                "ServiceRuntime", .httpTypes, .hummingbird, .hummingbirdCore, .logging, .nioCore, .nioEmbedded,
                .nioHTTP1,
            ],
            // Read from where it stands, by this target and by deploy/fuzz.
            exclude: ["Corpus"], swiftSettings: strict),
        .testTarget(
            name: "PartnerSimulatorTests",
            dependencies: [
                "Contracts", "PartnerSimulator", "Terminal", "TestSupport", .argumentParser, .crypto, .httpTypes,
                .hummingbird,
                .nioCore, .nioPosix,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ContractToolTests",
            dependencies: ["Contracts", "ContractTool", "Terminal", "TestSupport", .argumentParser],
            swiftSettings: strict),
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "AdminAPI", "TestSupport", "Contracts", .asyncHTTPClient, .httpTypes, .hummingbird, .lifecycle,
                .logging, .nioCore, .nioHTTP1, .yams,
            ],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
