import AdminAPI
import AdminCalls
import Contracts
import CoverageMap
import Foundation
import Synchronization

@testable import CoverageMap
@testable import IngestService

/// DecisionService's admin API, as far as the desk's map asks it.
final class FakeCoverage: Sendable {
    struct State: Sendable {
        var isAway = false
        /// By organisation.
        var counties: [String: [String: Double]] = ["relief-org": ["25025": 1, "25017": 0.4]]
        var asked = 0
    }

    private let state = Mutex(State())

    var now: State { state.withLock { $0 } }
    func change(_ body: (inout sending State) -> Void) { state.withLock { body(&$0) } }

    /// The counties of the country, as they are shipped.
    static let base: MapBase = {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../Sources/CoverageMap/Resources/counties.bin")
        guard let data = try? Data(contentsOf: path), let shapes = try? CountyShapes(bytes: [UInt8](data)) else {
            preconditionFailure("no counties")
        }
        return MapBase(shapes)
    }()

    var client: AdminClient {
        AdminClient(base: "http://decision") { [self] _, url, _, _ in
            change { $0.asked += 1 }
            if now.isAway { throw CancellationError() }
            let organization = url.split(separator: "=").last.map(String.init) ?? ""
            guard let counties = now.counties[organization.removingPercentEncoding ?? ""] else { return (404, []) }
            let area = CoveredAreas.Area(organization: organization, name: nil, states: [], counties: counties)
            return (200, try WireJSON.bytes(CoveredAreas(coverageVersion: "v1", areas: [area])))
        }
    }
}
