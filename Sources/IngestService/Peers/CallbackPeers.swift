import AdminAPI
import AdminCalls
import Contracts

import struct Foundation.Date

/// CallbackService, in each of its processes, as the pages ask it: how partners' endpoints stand, for a sample to be
/// sent, for callbacks to be paused, and for another signing secret. It keeps pauses and secrets itself, so that they
/// outlast everybody.
actor CallbackPeers {
    private let clients: [AdminClient]
    private var newest: (partners: CallbackPartners, at: ContinuousClock.Instant)?

    /// How old an answer may be.
    private static let age = Duration.seconds(2)

    init(_ clients: [AdminClient]) { self.clients = clients }

    /// What is known of all partners. Never throws: what is not known is said.
    func partners() async -> CallbackPartners {
        if let newest, newest.at.duration(to: .now) < Self.age { return newest.partners }
        let partners = await ask()
        newest = (partners, .now)
        return partners
    }

    private func ask() async -> CallbackPartners {
        typealias Answered = Result<ListProviders.Answer?, PeerProblem>
        let answers = await withTaskGroup(of: (Int, Answered).self) { group in
            for (index, client) in clients.enumerated() {
                // At the same time, so that one that hangs holds up no other.
                group.addTask {
                    do throws(PeerProblem) {
                        return (index, .success(try await client.ask(ListProviders.call(), timeout: .seconds(2))))
                    } catch { return (index, .failure(error)) }
                }
            }
            var answers: [(Int, Answered)] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.0 < $1.0 }.map(\.1)
        }
        var partners = CallbackPartners(processes: clients.count)
        for answer in answers {
            switch answer {
            case .success(let list?): for one in list.providers { partners.add(one) }
            case .success(nil): partners.problem = "it is not CallbackService that answers"
            case .failure(let problem): partners.problem = problem.text
            }
        }
        return partners
    }

    /// Has a signed sample sent to a partner, by the first process that answers.
    /// - Returns: `nil` for a partner that CallbackService does not know.
    func test(_ provider: String) async throws(PeerProblem) -> CallbackExchange? {
        var last = PeerProblem(text: "no process is configured")
        for client in clients {
            do throws(PeerProblem) {
                // A minute for the attempt, and the time to resolve a name.
                return try await client.ask(TestCallback.call(of: provider), timeout: .seconds(75))
            } catch { last = error }
        }
        throw last
    }

    /// Pauses a partner's callbacks in each process, or lets them go on.
    /// - Returns: whether there is such a partner.
    /// - Throws: when not every process has done it.
    func set(
        paused: Bool, _ provider: String, by: String, why: String?
    ) async throws(PeerProblem) -> Bool {
        newest = nil
        let order = PauseOrder(by: by, why: why)
        var isKnown = false
        var problem: PeerProblem?
        for client in clients {
            do throws(PeerProblem) {
                let answer =
                    paused
                    ? try await client.ask(PauseCallbacks.call(of: provider, body: order), timeout: .seconds(10))
                    : try await client.ask(ResumeCallbacks.call(of: provider, body: order), timeout: .seconds(10))
                if answer != nil { isKnown = true }
            } catch { problem = error }
        }
        newest = nil
        if let problem { throw problem }
        return isKnown
    }

    /// Puts a new signing secret in the place of all that sign for a partner: the first process that answers makes it,
    /// and the others are told the same one.
    /// - Parameter overlap: how long those before it sign too.
    /// - Returns: the secret, and whether every process knows it; `nil` for a partner that CallbackService does not
    ///   know.
    /// - Throws: with status 409 when as many sign already as may; otherwise when no process has done it.
    func rotateSecret(
        of provider: String, by: String, overlap: Duration
    ) async throws(PeerProblem) -> (secret: RotatedSecret, isEverywhere: Bool)? {
        newest = nil
        defer { newest = nil }
        var made: RotatedSecret?
        var problem: PeerProblem?
        for client in clients {
            let order = RotateSecret.Body(by: by, overlap: overlap, secret: made?.secret)
            do throws(PeerProblem) {
                let answer = try await client.ask(
                    RotateSecret.call(of: provider, body: order), timeout: .seconds(10))
                made = made ?? answer
            } catch {
                // Before one has made it: the first says no for all.
                if made == nil, error.status == 409 { throw error }
                problem = error
            }
        }
        if let made { return (made, problem == nil) }
        if let problem { throw problem }
        return nil
    }
}

/// What CallbackService's processes say of partners.
struct CallbackPartners: Sendable {
    struct Partner: Sendable, Equatable {
        var origin: String
        /// Short names of the secrets that sign, the newest first.
        var secrets: [String]
        /// Those of them whose place another has taken.
        var ending: [ProviderEntry.EndingSecret] = []
        /// The first of the pauses; `nil` when callbacks go out.
        var pause: ProviderEntry.Pause?
        /// In how many processes they are paused.
        var pausedIn = 0
        /// Whether some process leaves its endpoint alone.
        var isDegraded = false
    }

    /// How many processes there should be.
    var processes: Int
    private(set) var byID: [String: Partner] = [:]
    /// Why not all of them told.
    var problem: String?

    init(processes: Int) { self.processes = processes }

    mutating func add(_ entry: ProviderEntry) {
        var partner =
            byID[entry.provider]
            ?? Partner(
                origin: entry.origin, secrets: entry.signingSecretIds, ending: entry.endingSecrets ?? [])
        if entry.circuit == "open" { partner.isDegraded = true }
        if let pause = entry.paused {
            partner.pausedIn += 1
            if partner.pause == nil || pause.since < partner.pause?.since ?? .distantPast { partner.pause = pause }
        }
        byID[entry.provider] = partner
    }
}
