package import Contracts
import Foundation

/// Events with made-up values, each optional field now there and now not; the same for the same seed.
package struct MadeUpEvents {
    private var values: MadeUpValues

    package init(seed: UInt64) { values = MadeUpValues(seed: seed) }

    /// - Throws: never, with the values that are made up here.
    package mutating func message(_ type: EventType) throws(ContractError) -> EventMessage {
        switch type {
        case .requestAccepted: try wrap(accepted())
        case .requestGeocoded: try wrap(geocoded())
        case .requestReviewRequested: try wrap(reviewRequested())
        case .requestDecided: try wrap(decided())
        case .requestStatusChanged: try wrap(statusChanged())
        case .callbackDelivered: try wrap(delivered())
        case .callbackAttempted: try wrap(attempted())
        case .callbackSuperseded:
            try wrap(
                CallbackSuperseded(
                    provider: values.word(), sequence: values.count(from: 1), newestSequence: values.count(from: 1),
                    supersededAt: values.time()))
        case .endpointDegraded:
            try wrap(
                EndpointDegraded(
                    provider: values.word(), attempts: values.count(), failures: values.count(), error: error(),
                    since: values.time(), organization: values.maybe { $0.word() }))
        case .endpointRecovered:
            try wrap(
                EndpointRecovered(
                    provider: values.word(), degradedSince: values.time(), recoveredAt: values.time()))
        case .stageRetrying:
            try wrap(
                StageRetrying(
                    stage: values.one(of: Stage.allCases), attempt: values.count(), maxAttempts: values.count(),
                    nextAttemptAt: values.time(), error: error(), messageID: values.maybe { $0.id() },
                    replays: values.one(of: [0, 1, 7])))
        case .stageReplayed:
            try wrap(
                StageReplayed(
                    stage: values.one(of: Stage.allCases), messageID: values.id(), diedAt: values.time(),
                    by: values.text(), replayedAt: values.time(), replays: values.maybe { $0.count() }))
        case .stageDiscarded:
            try wrap(
                StageDiscarded(
                    stage: values.one(of: Stage.allCases), messageID: values.id(), diedAt: values.time(),
                    by: values.text(), why: values.text(), discardedAt: values.time(),
                    replays: values.maybe { $0.count() }))
        }
    }

    private mutating func wrap<Data: EventData>(_ data: Data) throws(ContractError) -> EventMessage {
        try EventMessage(
            Event(
                id: values.id(), source: "/intake/" + values.one(of: Stage.allCases).rawValue, time: values.time(),
                requestID: RequestID(values.id()),
                traceParent: values.maybe { _ in "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" },
                data: data))
    }

    private mutating func request() -> RequestReference {
        RequestReference(
            provider: values.word(), providerRequestID: values.text(), organization: values.word(),
            acceptedAt: values.time())
    }

    private mutating func accepted() -> RequestAccepted {
        RequestAccepted(
            request(),
            address: PostalAddress(
                street: values.text(), city: values.text(), state: values.stateCode(),
                zip: values.one(of: [values.digits(5), "\(values.digits(5))-\(values.digits(4))"])),
            regionCode: values.maybe { $0.word() })
    }

    private mutating func geocoded() -> RequestGeocoded {
        RequestGeocoded(request(), geocoding())
    }

    private mutating func geocoding() -> Geocoding {
        Geocoding(
            state: values.stateCode(), zip: values.digits(5), countyFIPS: values.maybe { $0.digits(5) },
            county: values.maybe { $0.text() },
            counties: values.some { values in
                CountyShare(fips: values.digits(5), name: values.text(), share: values.number(in: 0...1))
            }, location: values.maybe { Self.location(&$0) },
            reason: values.maybe { NoLocationReason(rawValue: $0.word()) },
            conflict: values.maybe {
                PlaceConflict(
                    distanceKilometres: $0.maybe { $0.number(in: 0...20_000) }, zipState: $0.maybe { $0.stateCode() })
            },
            disputes: values.some { values in
                DisputedAnswer(
                    source: values.word(), reason: .init(rawValue: values.word()),
                    distanceKilometres: values.maybe { $0.number(in: 0...20_000) })
            },
            unavailable: values.some { $0.word() }, regionCode: values.maybe { $0.word() })
    }

    private static func location(_ values: inout MadeUpValues) -> GeocodedLocation {
        GeocodedLocation(
            latitude: values.number(in: -90...90), longitude: values.number(in: -180...180),
            precision: precision(&values), source: values.word(), confidence: values.maybe { $0.number(in: 0...1) },
            uncertaintyKilometres: values.maybe { $0.number(in: 0...500) }, attribution: values.maybe { $0.text() })
    }

    private static func precision(_ values: inout MadeUpValues) -> GeocodedLocation.Precision {
        values.one(of: [.rooftop, .interpolated, .street, .zip, .city, .zip3, .init(rawValue: values.word())])
    }

    private mutating func decided() -> RequestDecided {
        RequestDecided(request(), decision())
    }

    private mutating func decision() -> Decision {
        Decision(
            acceptance: values.flag(), reason: DecisionReason(rawValue: values.word()),
            rule: values.maybe { $0.text() }, coverageVersion: values.word(),
            precision: values.maybe { Self.precision(&$0) }, explanation: values.maybe { $0.text() },
            needed: values.maybe { $0.text() }, capacityNote: values.maybe { $0.text() })
    }

    private mutating func reviewRequested() -> RequestReviewRequested {
        RequestReviewRequested(
            request(),
            ReviewQuestion(
                reason: ReviewReason(rawValue: values.word()), proposal: values.flag(),
                rule: values.maybe { $0.text() }, coverageVersion: values.word(),
                precision: values.maybe { Self.precision(&$0) }, explanation: values.text(), deadline: values.time(),
                fallback: values.flag()))
    }

    private mutating func statusChanged() -> RequestStatusChanged {
        RequestStatusChanged(
            request(), decision(), status: RequestStatus(rawValue: values.word()), sequence: values.count(from: 1),
            changedAt: values.time())
    }

    private mutating func delivered() -> CallbackDelivered {
        CallbackDelivered(
            provider: values.word(), providerRequestID: values.text(),
            Receipt(
                acceptance: values.flag(), sequence: values.count(from: 1),
                httpStatus: values.one(of: [200, 204, 299]), attempt: values.count(from: 1),
                durationMilliseconds: values.maybe { $0.count() },
                addressFamily: values.maybe { $0.one(of: [.ipv4, .ipv6]) }, deliveredAt: values.time()))
    }

    private mutating func attempted() -> CallbackAttempted {
        CallbackAttempted(
            provider: values.word(), sequence: values.count(from: 1), attempt: values.count(from: 1),
            startedAt: values.time(), durationMilliseconds: values.count(),
            addressFamily: values.maybe { $0.one(of: [.ipv4, .ipv6]) },
            httpStatus: values.maybe { $0.one(of: [100, 404, 599]) }, error: error(),
            excerpt: values.maybe { $0.text() })
    }

    private mutating func error() -> StageError { StageError(code: values.word(), message: values.text()) }
}
