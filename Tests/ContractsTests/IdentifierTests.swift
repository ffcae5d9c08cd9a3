import Contracts
import Foundation
import Testing

@Suite struct IdentifierTests {
    /// A generator that a test can foresee.
    struct Counting: RandomNumberGenerator {
        var state: UInt64 = 0
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            return state ^ (state >> 29)
        }
    }

    /// The example of RFC 9562, appendix A.4: `www.example.com` in the name space of DNS names.
    @Test func version5MatchesTheStandardsExample() throws {
        let dns = try #require(UUID(uuidString: "6ba7b810-9dad-11d1-80b4-00c04fd430c8"))
        #expect(
            UUID(version5: "www.example.com", namespace: dns).uuidString.lowercased()
                == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
    }

    @Test func eventIDsRepeatForTheSameCauseAndDifferOtherwise() {
        let cause = UUID()
        let id = EventID.derive(from: cause, stage: "geocode", type: .requestGeocoded)
        #expect(id == EventID.derive(from: cause, stage: "geocode", type: .requestGeocoded))
        let others = [
            EventID.derive(from: UUID(), stage: "geocode", type: .requestGeocoded),
            EventID.derive(from: cause, stage: "decision", type: .requestGeocoded),
            EventID.derive(from: cause, stage: "geocode", type: .requestDecided),
            EventID.derive(from: cause, stage: "geocode", type: .requestGeocoded, occurrence: "1"),
        ]
        #expect(Set(others + [id]).count == 5)
    }

    /// The example of RFC 9562, appendix A.6, has the time 0x017F22E279B0.
    @Test func requestIDsAreVersion7() {
        var generator = Counting()
        let time = Date(timeIntervalSince1970: 1_645_557_742)
        let text = RequestID(at: time, using: &generator).description
        #expect(text.hasPrefix("017f22e2-79b0-7"))
        #expect("89ab".contains(text[text.index(text.startIndex, offsetBy: 19)]))
    }

    @Test func requestIDsSortByTime() {
        var generator = SystemRandomNumberGenerator()
        let ids = (0..<100).map {
            RequestID(at: Date(timeIntervalSince1970: 1.7e9 + Double($0)), using: &generator).description
        }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == 100)
    }

    @Test(arguments: ["", "x", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e279b07cc398c4dc0c0c07398f", "../../etc"])
    func otherTextIsNoRequestID(_ text: String) {
        #expect(RequestID(text) == nil)
    }

    @Test func requestIDsReadEitherCase() {
        #expect(RequestID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F") == RequestID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"))
    }
}

@Suite struct UUIDTextTests {
    @Test func agreesWithFoundation() {
        for _ in 0..<200 {
            let uuid = UUID()
            #expect(uuid.canonical == uuid.uuidString.lowercased())
            #expect(UUID(canonical: uuid.uuidString) == uuid && UUID(canonical: uuid.canonical) == uuid)
        }
    }

    @Test(arguments: [
        "", "017f22e279b07cc398c4dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
        "017f22e2_79b0-7cc3-98c4-dc0c0c07398f", "-17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    ])
    func refusesOtherText(_ text: String) {
        #expect(UUID(canonical: text) == nil)
    }
}
