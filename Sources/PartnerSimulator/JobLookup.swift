import AsyncHTTPClient
import Foundation
import HTTPExchange
import NIOCore
import NIOHTTP1

/// Asks the API what has become of requests that still wait.
struct JobLookup: Sendable {
    let api: PartnerAPI
    let client: HTTPClient

    /// Fills in the jobs. What cannot be asked says why instead: a report must come out in any case.
    func fill(_ waiting: [SimulationReport.Waiting]) async -> [SimulationReport.Waiting] {
        var filled = waiting
        for index in filled.indices {
            guard let url = filled[index].location.flatMap(api.url(ofLocation:)) else { continue }
            filled[index].job = await state(at: url)
        }
        return filled
    }

    private func state(at url: String) async -> String {
        var request = HTTPClientRequest(url: url)
        request.headers = ["authorization": api.authorization, "accept": "application/json"]
        let deadline = NIODeadline.now() + .seconds(3)
        guard let response = try? await client.execute(request, deadline: deadline),
            let body = try? await response.body(upTo: 64 * 1024, until: deadline), !body.isCut
        else { return "no answer from the API" }
        let words = Self.words(Data(body.bytes))
        return (["HTTP \(response.status.code)"] + words).joined(separator: " ")
    }

    /// What a job's JSON says about its state: how far it is, in which stage, and the error that holds it up.
    static func words(_ json: Data) -> [String] {
        guard let object = (try? JSONSerialization.jsonObject(with: json)) as? [String: Any] else { return [] }
        // A failed job is problem details with the job inside.
        let job = object["job"] as? [String: Any] ?? object
        let retry = job["retry"] as? [String: Any]
        let error = retry?["error"] as? [String: Any] ?? object["error"] as? [String: Any]
        return [job["status"], job["stage"], error?["code"]].compactMap { $0 as? String }
    }
}

/// Where and as whom the simulated partner calls Intake.
struct PartnerAPI: Sendable {
    /// Scheme, host and port, perhaps with a path before `/api`.
    let base: String
    private let token: String

    init(base: String, token: String) {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        self.token = token
    }

    var requestsURL: String { "\(base)/api/requests" }
    var authorization: String { "Bearer \(token)" }

    /// Where a job is; `nil` for a location that is no path of this API: the token must not go elsewhere.
    func url(ofLocation location: String) -> String? {
        location.hasPrefix("/") && !location.hasPrefix("//") ? base + location : nil
    }
}
