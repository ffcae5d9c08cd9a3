import ServiceLifecycle

/// A service that goes by its type's name. The service group makes a name for its logs by printing the service, with
/// all that it holds: tables of a megabyte, and secrets.
struct NamedService: Service, CustomStringConvertible {
    private let service: any Service

    init(_ service: any Service) { self.service = service }

    var description: String { "\(type(of: service))" }

    func run() async throws { try await service.run() }
}
