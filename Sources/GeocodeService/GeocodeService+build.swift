import Contracts
import Places
import ServiceLifecycle
import ServiceRuntime

extension GeocodeService {
    /// Requests geocoded at a time. The work is a few microseconds of arithmetic: this many keep the confirms of their
    /// outputs on the way together.
    static let concurrency = 64

    /// Wires the service, and runs it until it is told to stop.
    static func run() async -> Never {
        await ServiceProcess.run("geocode", configure: { GeocodeConfiguration(&$0) }, services: services)
    }

    private static func services(
        _ configuration: GeocodeConfiguration, _ context: ServiceContext
    ) async throws -> [any Service] {
        guard let gazetteer = configuration.gazetteer else {
            throw GazetteerFileError(path: GazetteerFile.name, problem: "it was not read")
        }
        return [
            context.stage(.geocode, handler: GeocodeHandler(gazetteer: gazetteer), concurrency: concurrency)
        ]
    }
}
