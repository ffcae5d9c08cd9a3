import Contracts
import Logging
import Places
import ServiceLifecycle
import ServiceRuntime

extension GeocodeService {
    /// Requests geocoded at a time. The work is a few microseconds of arithmetic: this many keep the confirms of their
    /// outputs on the way together. With geocoders most of them wait for an answer or their turn: it is also more than
    /// the geocoders let wait together, so that those who need nobody pass.
    static let concurrency = 256

    /// Wires the service, and runs it until it is told to stop.
    static func run() async -> Never {
        await ServiceProcess.run("geocode", configure: { GeocodeConfiguration(&$0) }, services: services)
    }

    /// The order is the order of dependence: the stage stops first, then what it asks.
    private static func services(
        _ configuration: GeocodeConfiguration, _ context: ServiceContext
    ) async throws -> [any Service] {
        guard let gazetteer = configuration.gazetteer else {
            throw GazetteerFileError(path: GazetteerFile.name, problem: "it was not read")
        }
        // Without a good file the process has ended before it comes here.
        guard let file = configuration.geocoders else { throw FileProblems(["the geocoders file was not read"]) }
        let http = GeocoderHTTP()
        let geocoders = Geocoders(
            cachePath: configuration.cachePath, logger: context.logger,
            limiter: { context.distributedRateLimiter(.geocode, named: $0, perSecond: $1) },
            make: { try Self.adapter(for: $0, over: http, logger: context.logger) })
        try await geocoders.use(file.value.entries, patience: file.value.patience)
        // Whoever asks waits longer, and that is all.
        context.health.addReadinessCheck("geocoder-cache", counts: false) { geocoders.cacheProblem }
        let handler = GeocodeHandler(gazetteer: gazetteer) { geocoders.streets }
        return [
            http, file, GeocoderFileFollower(file: file, geocoders: geocoders, logger: context.logger),
            context.stage(
                .geocode, handler: handler, concurrency: concurrency,
                // Others may find what one that is away cannot, and what is kept needs nobody.
                outagesHoldBack: false, computesOnly: file.isFixed),
        ]
    }

    private static func adapter(
        for entry: GeocoderEntry, over http: GeocoderHTTP, logger: Logger
    ) throws -> any StreetGeocoder {
        try http.adapter(for: entry) ?? AddressGeocoder(entry, logger: logger)
    }
}
