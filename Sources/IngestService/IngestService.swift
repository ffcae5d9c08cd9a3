import Foundation
import ServiceRuntime

/// Takes partners' requests durably, publishes them, and shows how far they have come.
@main
enum IngestService {
    static func main() async {
        if let status = await StoreCopy.run(CommandLine.arguments, ProcessInfo.processInfo.environment) {
            exit(status)
        }
        if let status = await StoreBackup.run(CommandLine.arguments) { exit(status) }
        // Requests are taken while the broker is away; their events wait in the outbox.
        await ServiceProcess.run("ingest", needsBroker: false, configure: IngestConfiguration.init, services: build)
    }
}
