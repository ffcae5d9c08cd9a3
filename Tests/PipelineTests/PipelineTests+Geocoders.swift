import Foundation
import TestSupport
import Testing

extension PipelineTests {
    /// geocoders.yaml with the test's Nominatim alone.
    static func file(_ port: Int, patience: String = "15m") -> String {
        """
        patience: \(patience)
        geocoders:
          - name: osm
            kind: nominatim
            url: http://127.0.0.1:\(port)
            contact: test@example.org
            allow: [http]

        """
    }

    /// Of different houses, each asked for once.
    private static func requests(_ count: Int) -> [HelpRequest] {
        (1...count).map {
            var request = HelpRequest.covered("house-\($0)")
            request.address = "\($0) Bagby St"
            return request
        }
    }

    /// Two geocode services together never ask Nominatim more often than once a second, and everybody is told.
    @Test(.timeLimit(.minutes(3)))
    func twoGeocodeServicesTogetherNeverAskNominatimMoreOftenThanOnceASecond() async throws {
        let nominatim = NominatimUnderTest()
        try await nominatim.serving { port in
            try await Pipeline.run(geocoders: Self.file(port)) { pipeline in
                let replica = try pipeline.replica(of: .geocode)
                try await replica.awaitReady()
                let requests = Self.requests(12)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for request in requests { group.addTask { _ = try await pipeline.api.submit(request) } }
                    try await group.waitForAll()
                }
                try await pipeline.awaitTold(requests.map(\.providerRequestId), within: .seconds(90))
                let asked = await nominatim.questions
                #expect(Set(asked.map(\.street)) == Set(requests.map(\.address)))
                #expect(asked.count == requests.count)
                for (one, next) in zip(asked, asked.dropFirst()) {
                    #expect(one.at.duration(to: next.at) >= .milliseconds(950))
                }
                // Both have asked: neither was kept from its turn.
                for service in [try pipeline[.geocode], replica] {
                    let metrics = try await service.get("metrics").body
                    #expect(metrics.contains(#"intake_geocoder_questions_total{geocoder="osm",outcome="found"}"#))
                    #expect(!metrics.contains(#"intake_geocoder_questions_total{geocoder="osm",outcome="found"} 0"#))
                }
                try await replica.kill()
            }
        }
    }

    /// A geocoder that is away costs no attempts, and is used when it is back; the end of the patience is the ZIP.
    @Test(.timeLimit(.minutes(3)))
    func aGeocoderThatIsAwayCostsNoAttempts() async throws {
        let nominatim = NominatimUnderTest()
        await nominatim.beAway(true)
        try await nominatim.serving { port in
            try await Pipeline.run(geocoders: Self.file(port, patience: "12s")) { pipeline in
                let requests = Self.requests(2)
                let patient = try await pipeline.api.submit(requests[0])
                try await pipeline.awaitTold(["house-1"])
                #expect(try await Self.precision(of: patient, in: pipeline) == "zip")
                _ = try await pipeline.api.submit(requests[1])
                try await eventually("it was asked and is away", processes: await pipeline.processes) {
                    await nominatim.questions.contains { $0.street == requests[1].address }
                }
                await nominatim.beAway(false)
                let job = try await pipeline.api.submit(requests[1])
                try await pipeline.awaitTold(["house-2"])
                #expect(try await Self.precision(of: job, in: pipeline) == "rooftop")
            }
        }
    }

    /// The precision of the location that a completed job's request shows.
    private static func precision(of job: String, in pipeline: Pipeline) async throws -> String? {
        try await pipeline.awaitCompleted([job])
        let answer = try await pipeline.api.get(job.replacing("/jobs/", with: "/requests/"))
        let request = try JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
        return (request?["location"] as? [String: Any])?["precision"] as? String
    }

    @Test(.timeLimit(.minutes(3)))
    func stoppedWhileQuestionsWait() async throws {
        let nominatim = NominatimUnderTest()
        try await nominatim.serving { port in
            try await Pipeline.run(geocoders: Self.file(port)) { pipeline in
                let requests = Self.requests(8)
                for request in requests { _ = try await pipeline.api.submit(request) }
                try await eventually("some were asked", processes: await pipeline.processes) {
                    await nominatim.questions.count >= 2
                }
                let service = try pipeline[.geocode]
                let end = try await service.terminate()
                #expect(end.status == .exited(0), "log ends:\n\(end.logTail)")
                #expect(end.took < .seconds(10))
                try await service.restart()
                try await pipeline.awaitTold(requests.map(\.providerRequestId), within: .seconds(90))
                #expect(Set(await nominatim.questions.map(\.street)).count == requests.count)
            }
        }
    }
}
