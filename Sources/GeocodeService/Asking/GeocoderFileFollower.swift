import Logging
import ServiceLifecycle
import ServiceRuntime

/// Has those asked whom `geocoders.yaml` names, whenever it changes.
struct GeocoderFileFollower: Service {
    let file: ReloadingFile<GeocoderFile>
    let geocoders: Geocoders
    let logger: Logger

    func run() async throws {
        for await content in file.values().cancelOnGracefulShutdown() {
            do {
                try await geocoders.use(content.entries, patience: content.patience)
            } catch {
                logger.error("Geocoders cannot be used, those before stay", metadata: ["error": "\(error)"])
            }
        }
    }
}
