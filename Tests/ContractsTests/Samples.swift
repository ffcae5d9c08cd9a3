import Contracts
import Foundation

/// One event of each type, with every field set; a test changes what it is about.
enum Samples {
    static let requestID = RequestID(UUID(uuidString: "019A8F10-7C3B-7D52-8E11-3B0C7F6A9D24")!)
    static let time = Date(timeIntervalSince1970: 1_769_847_300.25)

    static let request = RequestReference(
        provider: "portal", providerRequestID: "R/1 ü", organization: "relief", acceptedAt: time)

    static let accepted = RequestAccepted(
        request, address: PostalAddress(street: "901 Bagby St", city: "Houston", state: "TX", zip: "77002-2526"),
        regionCode: "TX-GULF")

    static let geocoded = RequestGeocoded(
        request,
        Geocoding(
            state: "TX", zip: "77002", countyFIPS: "48201", county: "Harris County",
            counties: [
                CountyShare(fips: "48201", name: "Harris County", share: 0.9),
                CountyShare(fips: "48157", name: "Fort Bend County", share: 0.1),
            ],
            location: GeocodedLocation(
                latitude: 29.7564, longitude: -95.3655, precision: .zip, source: "gazetteer", confidence: 0.9,
                uncertaintyKilometres: 2.5, attribution: "Contains data from the U.S. Census Bureau."),
            conflict: PlaceConflict(distanceKilometres: 55.5, zipState: "LA"),
            disputes: [
                DisputedAnswer(source: "census", reason: .tooFar, distanceKilometres: 81.5),
                DisputedAnswer(source: "nominatim", reason: .otherState),
            ], unavailable: ["pelias"], regionCode: "TX-GULF"))

    static let decision = Decision(
        acceptance: true, reason: .stateCovered, rule: "zip:77002", coverageVersion: "2026-01+1f2e3d4c",
        precision: .zip, explanation: "ZIP 77002 is covered.", needed: "A street address.",
        capacityNote: "Saturdays only.")

    static let decided = RequestDecided(request, decision)

    static let reviewRequested = RequestReviewRequested(
        request,
        ReviewQuestion(
            reason: .placeConflict, proposal: true, rule: "zip:77002", coverageVersion: "2026-01+1f2e3d4c",
            precision: .zip, explanation: "The ZIP and the city lie 55.5 km apart.", deadline: time + 86_400,
            fallback: false))

    static let statusChanged = RequestStatusChanged(
        request, decision, status: .scheduled, sequence: 3, changedAt: time)

    static let delivered = CallbackDelivered(
        provider: "portal", providerRequestID: "R/1 ü",
        Receipt(
            acceptance: false, sequence: 2, httpStatus: 204, attempt: 3, durationMilliseconds: 41,
            addressFamily: .ipv6, deliveredAt: time))

    static let attempted = CallbackAttempted(
        provider: "portal", sequence: 2, attempt: 3, startedAt: time, durationMilliseconds: 41, addressFamily: .ipv4,
        httpStatus: 200, error: StageError(code: "no-receipt", message: "The body says that there was an error."),
        excerpt: "{\"error\":\"unknown serial\"}")

    static let superseded = CallbackSuperseded(
        provider: "portal", sequence: 1, newestSequence: 2, supersededAt: time)

    static let degraded = EndpointDegraded(
        provider: "portal", attempts: 10, failures: 7,
        error: StageError(code: "http-503", message: "The partner answered 503."), since: time,
        organization: "relief")

    static let recovered = EndpointRecovered(provider: "portal", degradedSince: time, recoveredAt: time + 60)

    static let retrying = StageRetrying(
        stage: .callback, attempt: 2, maxAttempts: 11, nextAttemptAt: time,
        error: StageError(code: "http-503", message: "The partner answered 503."))

    static let replayed = StageReplayed(
        stage: .callback, messageID: requestID.uuid, diedAt: time, by: "ada@desk", replayedAt: time + 60)

    static let discarded = StageDiscarded(
        stage: .callback, messageID: requestID.uuid, diedAt: time, by: "ada@desk", why: "Asked twice.",
        discardedAt: time + 60)

    static func event<Data: EventData>(_ data: Data) -> Event<Data> {
        Event(
            id: EventID.derive(from: requestID.uuid, stage: "test", type: Data.type), source: "/intake/test",
            time: time,
            requestID: requestID, traceParent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", data: data)
    }
}
