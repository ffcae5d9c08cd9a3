/// Where the simulator's requests come from.
enum RequestSource: Sendable {
    case madeUp(MadeUpRequests)
    case file(RequestFile)

    var count: Int {
        switch self {
        case .madeUp(let requests): requests.count
        case .file(let file): file.requests.count
        }
    }

    /// - Parameter index: 0 to `count` − 1. The same index gives the same request each time.
    func request(at index: Int) -> SimulatedRequest {
        switch self {
        case .madeUp(let requests): requests.request(at: index)
        case .file(let file): file.requests[index]
        }
    }
}
