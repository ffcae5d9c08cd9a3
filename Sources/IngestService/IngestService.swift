import ServiceRuntime

/// Takes partners' requests durably, publishes them, and shows how far they have come.
@main
enum IngestService {
    static func main() async {
        // Requests are taken while the broker is away; their events wait in the outbox.
        await ServiceProcess.run(
            "ingest", needsBroker: false, commands: [StoreBackup.command, StoreCopy.command],
            configure: IngestConfiguration.init, services: build)
    }
}
