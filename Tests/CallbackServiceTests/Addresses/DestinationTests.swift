import Foundation
import Synchronization
import TestSupport
import Testing

@testable import CallbackService

/// Over real loopback sockets, with a resolver of the test's own.
@Suite struct DestinationTests {
    /// A resolver that answers its questions one after the other, the last for ever.
    private final class Script: Sendable {
        private let answers: [[String]]
        private let asked = Mutex(0)
        init(_ answers: [[String]]) { self.answers = answers }

        var count: Int { asked.withLock { $0 } }
        var lookup: HostLookup {
            HostLookup { _ throws(HostLookup.Failure) in
                let index = self.asked.withLock { asked in
                    defer { asked += 1 }
                    return asked
                }
                let answer = self.answers[min(index, self.answers.count - 1)]
                guard answer != ["away"] else { throw HostLookup.Failure(detail: "Temporary failure") }
                return answer.compactMap { IPAddress($0) }
            }
        }
    }

    private final class Clock: Sendable {
        private let time = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { time.withLock { $0 } }
        func advance(by duration: Duration) { time.withLock { $0 += duration } }
    }

    private static func answering(
        _ requests: Recorder<TestConnection.Request>
    ) -> @Sendable (TestConnection) async throws -> Void {
        { connection in
            while let request = try await connection.request() {
                requests.add(request)
                try await connection.answer("200 OK")
            }
        }
    }

    private static func tell(_ client: PartnerClient, _ partner: Partner) async -> DeliveryFailure.Code? {
        do throws(DeliveryFailure) {
            _ = try await client.tell(partner, .fixture(partner.url.url(for: "r-1") ?? ""))
            return nil
        } catch {
            return error.code
        }
    }

    /// The classic: the name has a public address while it is looked at, and this host's when it is connected to.
    @Test func aNameThatChangesBetweenTheLookAndTheConnectionReachesNobody() async throws {
        let requests = Recorder<TestConnection.Request>()
        // Public by its form, but of a block that nobody was given: the attempt fails at its timeout or before.
        let script = Script([["2d00::1"], ["127.0.0.1"]])
        let clock = Clock()
        try await TestServer.serving(Self.answering(requests)) { server in
            try await withClient(lookup: script.lookup, clock: { clock.now }) { client in
                let partner = try Partner.fixture(
                    "http://rebind.test:\(server.port)/{providerRequestId}", timeout: .milliseconds(300),
                    allowances: [.http])
                #expect(await Self.tell(client, partner) != nil)
                // Asked once: the connection's own code has no name to ask for.
                #expect(script.count == 1)
                clock.advance(by: .seconds(3600))
                #expect(await Self.tell(client, partner) == .addressForbidden)
                #expect(await Self.tell(client, partner) == .addressForbidden)
            }
        }
        #expect(requests.all.isEmpty)
    }

    /// The connection goes where was looked, though the name leads to the server by then.
    @Test func aConnectionGoesToTheAddressThatWasLookedAt() async throws {
        let requests = Recorder<TestConnection.Request>()
        let script = Script([["127.0.0.2"], ["127.0.0.1"]])
        let clock = Clock()
        try await TestServer.serving(Self.answering(requests)) { server in
            try await withClient(lookup: script.lookup, clock: { clock.now }) { client in
                let partner = try Partner.fixture("http://rebind.test:\(server.port)/{providerRequestId}")
                for _ in 0..<3 { #expect(await Self.tell(client, partner) == .connectionRefused) }
                #expect(requests.all.isEmpty)
                clock.advance(by: Destination.usableFor)
                #expect(await Self.tell(client, partner) == nil)
            }
        }
        #expect(requests.all.count == 1)
    }

    @Test func theNameIsAskedForAgainOnlyAfterAWhileAndConnectionsAreKept() async throws {
        let requests = Recorder<TestConnection.Request>()
        let connections = Recorder<Void>()
        let script = Script([["127.0.0.1"]])
        let clock = Clock()
        try await TestServer.serving { connection in
            connections.add(())
            try await Self.answering(requests)(connection)
        } _: { server in
            try await withClient(lookup: script.lookup, clock: { clock.now }) { client in
                let partner = try Partner.fixture("http://portal.test:\(server.port)/{providerRequestId}")
                for _ in 0..<5 { #expect(await Self.tell(client, partner) == nil) }
                #expect(script.count == 1)
                clock.advance(by: Destination.usableFor)
                #expect(await Self.tell(client, partner) == nil)
                #expect(script.count == 2)
            }
        }
        #expect(connections.all.count == 1)
        #expect(requests.all.first?.headers["host"]?.hasPrefix("portal.test:") == true)
    }

    @Test func aNameThatMovesToAForbiddenAddressIsGivenUp() async throws {
        let script = Script([["127.0.0.1"], ["169.254.169.254"]])
        let clock = Clock()
        try await TestServer.serving(Self.answering(Recorder())) { server in
            try await withClient(lookup: script.lookup, clock: { clock.now }) { client in
                let partner = try Partner.fixture("http://portal.test:\(server.port)/{providerRequestId}")
                #expect(await Self.tell(client, partner) == nil)
                clock.advance(by: .seconds(3600))
                #expect(await Self.tell(client, partner) == .addressForbidden)
            }
        }
    }

    @Test func theNextAddressIsTriedWhenOneDoesNotConnect() async throws {
        let requests = Recorder<TestConnection.Request>()
        let script = Script([["::1", "127.0.0.2", "127.0.0.1"]])
        try await TestServer.serving(Self.answering(requests)) { server in
            try await withClient(lookup: script.lookup) { client in
                let partner = try Partner.fixture("http://portal.test:\(server.port)/{providerRequestId}")
                for _ in 0..<2 { #expect(await Self.tell(client, partner) == nil) }
            }
        }
        #expect(requests.all.count == 2)
    }

    @Test func aNameWithoutAddressesAndAResolverThatIsAwayAreTransient() async throws {
        for answer in [[], ["away"]] {
            let script = Script([answer])
            try await withClient(lookup: script.lookup) { client in
                let partner = try Partner.fixture("https://portal.example/{providerRequestId}", allowances: [])
                #expect(await Self.tell(client, partner) == .dns)
                #expect(await Self.tell(client, partner) == .dns)
                #expect(script.count == 2)
            }
        }
    }

    @Test func whatTheResolverSaidLastHoldsAWhileWhenItIsAway() async throws {
        let script = Script([["127.0.0.1"], ["away"]])
        let clock = Clock()
        try await TestServer.serving(Self.answering(Recorder())) { server in
            try await withClient(lookup: script.lookup, clock: { clock.now }) { client in
                let partner = try Partner.fixture("http://portal.test:\(server.port)/{providerRequestId}")
                #expect(await Self.tell(client, partner) == nil)
                clock.advance(by: Destination.freshFor)
                #expect(await Self.tell(client, partner) == nil)
                clock.advance(by: Destination.usableFor)
                #expect(await Self.tell(client, partner) == .dns)
            }
        }
    }

    @Test func aResolverThatHangsHoldsNobodyBeyondTheTimeoutAndIsAskedOnce() async throws {
        let asked = Recorder<Void>()
        // Opened when all is over: the resolver's thread must end with the test.
        let gate = DispatchSemaphore(value: 0)
        let lookup = HostLookup { _ in
            asked.add(())
            gate.wait()
            return []
        }
        try await withClient(lookup: lookup) { client in
            let partner = try Partner.fixture(
                "https://portal.example/{providerRequestId}", timeout: .milliseconds(200), allowances: [])
            await withTaskGroup(of: DeliveryFailure.Code?.self) { group in
                for _ in 0..<20 { group.addTask { await Self.tell(client, partner) } }
                for await code in group { #expect(code == .dns) }
            }
        }
        gate.signal()
        #expect(asked.all.count == 1)
    }

    @Test func anEntryThatChangesTakesNewConnections() async throws {
        let connections = Recorder<Void>()
        try await TestServer.serving { connection in
            connections.add(())
            try await Self.answering(Recorder())(connection)
        } _: { server in
            let script = Script([["127.0.0.1"]])
            try await withClient(lookup: script.lookup) { client in
                for name in ["a.test", "b.test", "b.test"] {
                    let partner = try Partner.fixture("http://\(name):\(server.port)/{providerRequestId}")
                    #expect(await Self.tell(client, partner) == nil)
                }
            }
        }
        #expect(connections.all.count == 2)
    }

    @Test func theSystemsResolverKnowsThisHost() throws {
        let addresses = try HostLookup.ofSystem.addresses("localhost")
        #expect(addresses.contains { $0 == .v4(0x7F00_0001) || $0 == .v6(1) })
        #expect(throws: HostLookup.Failure.self) { try HostLookup.ofSystem.addresses("no-such-host.invalid") }
    }
}
