import Contracts
import Foundation
import Testing

@Suite struct EventMessageTests {
    @Test func everyEventComesBackAsItWasWritten() throws {
        func roundTrip<Data: EventData>(_ data: Data) throws {
            let event = Samples.event(data)
            #expect(try Event<Data>(EventMessage(event)) == event)
        }
        try roundTrip(Samples.accepted)
        try roundTrip(Samples.geocoded)
        try roundTrip(Samples.decided)
        try roundTrip(Samples.delivered)
        try roundTrip(Samples.retrying)
    }

    @Test func attributesAreCloudEventsHeaders() throws {
        let message = try EventMessage(Samples.event(Samples.decided))
        #expect(message.headers["cloudEvents:specversion"] == .string("1.0"))
        #expect(message.headers["cloudEvents:type"] == .string("request.decided"))
        #expect(message.headers["cloudEvents:subject"] == .string("019a8f10-7c3b-7d52-8e11-3b0c7f6a9d24"))
        #expect(message.headers["cloudEvents:time"] == .string("2026-01-31T08:15:00.250Z"))
        #expect(message.headers["cloudEvents:dataschema"] == .string("urn:intake:schema:request.decided:v1"))
        #expect(message.headers["traceparent"]?.string?.hasPrefix("00-") == true)
    }

    @Test func bodyIsTheDataAlone() throws {
        let message = try EventMessage(Samples.event(Samples.decided))
        #expect(
            String(decoding: message.body, as: UTF8.self) == """
                {"acceptance":true,"acceptedAt":"2026-01-31T08:15:00.250Z","coverageVersion":"2026-01+1f2e3d4c",\
                "organization":"relief","provider":"portal","providerRequestId":"R/1 ü","reason":"covered",\
                "rule":"zip:77002"}
                """)
    }

    @Test func unknownFieldsAreIgnoredAndAbsentOptionalsAreNil() throws {
        var message = try EventMessage(Samples.event(Samples.geocoded))
        message.body = Array(
            """
            {"acceptedAt":"2026-01-31T08:15:00Z","organization":"relief","provider":"portal","providerRequestId":"1",
             "state":"TX","zip":"77002","addedLater":{"deep":[1,2]}}
            """.utf8)
        let event = try Event<RequestGeocoded>(message)
        #expect(event.data.location == nil && event.data.county == nil && event.data.conflict == nil)
        #expect(event.data.acceptedAt == Date(timeIntervalSince1970: 1_769_847_300))
    }

    @Test func openCodesTakeValuesOfTheFuture() throws {
        var message = try EventMessage(Samples.event(Samples.decided))
        message.body = Array(
            String(decoding: message.body, as: UTF8.self).replacing("\"covered\"", with: "\"covered-by-treaty\"").utf8)
        #expect(try Event<RequestDecided>(message).data.reason.rawValue == "covered-by-treaty")
    }

    @Test(arguments: [
        "cloudEvents:id", "cloudEvents:source", "cloudEvents:type", "cloudEvents:specversion", "cloudEvents:time",
        "cloudEvents:subject",
    ])
    func anAbsentOrMistypedAttributeIsNamed(_ header: String) throws {
        var message = try EventMessage(Samples.event(Samples.accepted))
        for bad in [nil, HeaderValue.int(7), .string("")] {
            message.headers[header] = bad
            let error = #expect(throws: ContractError.self) { try Event<RequestAccepted>(message) }
            #expect(error?.detail.contains(header) == true || error?.code == .unexpectedType)
        }
    }

    @Test(arguments: [
        ("", "not JSON"), ("[]", "expected"), ("{\"provider\":", "not JSON"), ("\u{0}", "not JSON"),
        ("{\"provider\":\"p\"}", "missing"), ("{\"provider\":null}", "null at provider"),
    ])
    func badDataIsNamedByItsPathAndNeverQuoted(_ body: String, _ expected: String) throws {
        var message = try EventMessage(Samples.event(Samples.accepted))
        message.body = Array(body.utf8)
        let error = #expect(throws: ContractError.self) { try Event<RequestAccepted>(message) }
        #expect(error?.code == .badData)
        #expect(error?.detail.contains(expected) == true, "\(error?.detail ?? "")")
    }

    @Test func anotherTypeIsRefused() throws {
        let message = try EventMessage(Samples.event(Samples.accepted))
        let error = #expect(throws: ContractError.self) { try Event<RequestDecided>(message) }
        #expect(error?.code == .unexpectedType)
    }

    @Test func theStreetTravelsInRequestAcceptedAlone() throws {
        for message in [
            try EventMessage(Samples.event(Samples.geocoded)), try EventMessage(Samples.event(Samples.decided)),
            try EventMessage(Samples.event(Samples.delivered)), try EventMessage(Samples.event(Samples.retrying)),
        ] {
            let fields = try #require(JSONSerialization.jsonObject(with: Data(message.body)) as? [String: Any])
            #expect(Set(fields.keys).isDisjoint(with: ["address", "street", "name", "phone", "email"]))
        }
    }
}
