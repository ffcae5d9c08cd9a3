import Foundation
import NIOCore
import Testing

@testable import PartnerSimulator

@Suite struct MadeUpRequestsTests {
    private struct Body: Decodable {
        var providerRequestId, name, address, city, state, zip, phone, email, status: String
    }

    private func body(_ requests: MadeUpRequests, _ index: Int) throws -> Body {
        try JSONDecoder().decode(Body.self, from: Data(requests.request(at: index).body.readableBytesView))
    }

    @Test func everyRequestIsCompleteAndItsIdItsOwn() throws {
        let requests = MadeUpRequests(count: 500, prefix: "t-", seed: 1)
        var ids: Set<String> = []
        for index in 0..<500 {
            let body = try body(requests, index)
            #expect(ids.insert(body.providerRequestId).inserted)
            #expect(body.providerRequestId == requests.request(at: index).id)
            #expect(body.status == "new")
            #expect(body.zip.count == 5)
            #expect(body.phone.wholeMatch(of: /202-555-01[0-9][0-9]/) != nil)
            #expect(MadeUpPlace.all.contains(MadeUpPlace(city: body.city, state: body.state, zip: body.zip)))
            #expect(![body.name, body.address, body.email].contains(""))
        }
    }

    @Test func aSeedGivesTheSamePeopleUnderOtherIds() throws {
        let first = MadeUpRequests(count: 50, prefix: "a-", seed: 42)
        let second = MadeUpRequests(count: 50, prefix: "b-", seed: 42)
        let other = MadeUpRequests(count: 50, prefix: "a-", seed: 43)
        for index in 0..<50 {
            let (one, two) = (try body(first, index), try body(second, index))
            #expect((one.name, one.address, one.zip) == (two.name, two.address, two.zip))
            #expect(one.providerRequestId != two.providerRequestId)
        }
        #expect(try (0..<50).contains { try body(first, $0).name != body(other, $0).name })
    }

    @Test func theyAreOfManyPlaces() throws {
        let requests = MadeUpRequests(count: 2000, prefix: "t-", seed: 9)
        let states = Set(try (0..<2000).map { try body(requests, $0).state })
        #expect(states.count == 52)
        #expect(MadeUpPlace.all.count == 130)
        #expect(MadeUpPlace.all.allSatisfy { $0.zip.count == 5 && $0.state.count == 2 && !$0.city.isEmpty })
    }

    @Test func aPrefixThatJSONMustEscapeIsEscaped() throws {
        let requests = MadeUpRequests(count: 1, prefix: #"a"\b-"#, seed: 0)
        #expect(try body(requests, 0).providerRequestId == #"a"\b-1"#)
    }

    @Test func noTwoRunsHaveAPrefixInCommon() {
        #expect(Set((0..<100).map { _ in MadeUpRequests.newPrefix() }).count == 100)
        #expect(Set((0..<100).map { _ in MadeUpRequests.newPrefix().count }).count == 1)
    }
}
