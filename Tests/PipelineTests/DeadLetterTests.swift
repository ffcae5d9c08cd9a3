import Contracts
import Foundation
import TestSupport
import Testing

/// The operator's commands, as people run them, on a real broker and with a real IngestService.
///
/// Intake dead.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct DeadLetterTests {
    /// 1,000 replayed, killed in the middle and run again: none lost, at most one doubled.
    @Test
    func aThousandReplayedKilledInTheMiddleAndRunAgain() async throws {
        try await OperatorBench.run { bench in
            let letters = try bench.letters(1000)
            for letter in letters { try await bench.bury(letter, in: .callback) }
            try await bench.awaitRecorded(1000)

            let queue = bench.topology.queue(.callback)
            let first = try bench.start(["dead", "replay", "--stage", "callback"])
            try await eventually("some are replayed", within: .seconds(60), processes: [first]) {
                (try await bench.broker.management.queue(queue)?.ready ?? 0) >= 200
            }
            try await first.kill()
            let dead = bench.topology.deadQueue(.callback)
            try await eventually("what it held is back") {
                try await bench.broker.management.queue(dead)?.unacknowledged == 0
            }
            #expect(try await bench.broker.management.queue(dead)?.ready ?? 0 > 0, "killed too late to prove anything")

            let second = try await bench.command(["dead", "replay", "--stage", "callback"])
            #expect(second.status == .exited(0), "\(second.output)")

            let replayed = try await bench.broker.management.messages(in: queue, count: 2000)
            let ids = replayed.compactMap { $0.headers[EventMessage.Header.id] }
            #expect(Set(ids) == Set(letters.compactMap { $0.id?.canonical }))
            #expect((1000...1001).contains(ids.count))
            // As their stage first got them.
            #expect(Set(replayed.map(\.body)) == Set(letters.map(\.body)))
            let added = replayed.flatMap(\.headers.keys).filter { $0.hasPrefix("intake-") }
            #expect(Set(added) == ["intake-callback-replays"], "but for how often they were given back")
            #expect(try await bench.broker.management.messages(in: dead).isEmpty)
            try await bench.awaitRecorded(0)
        }
    }

    /// What is not chosen stays in its order, and what is not there is named.
    @Test
    func whatIsNotChosenStaysInItsOrder() async throws {
        try await OperatorBench.run { bench in
            let letters = try bench.letters(10)
            for (index, letter) in letters.enumerated() {
                try await bench.bury(letter, in: .decision, reason: index.isMultiple(of: 2) ? "permanent" : "odd")
            }
            try await bench.awaitRecorded(10)
            let dead = bench.topology.deadQueue(.decision)
            let ids = letters.map { $0.id?.canonical }
            /// Waits for the broker to notice that the command's connection has ended.
            func left(_ count: Int) async throws -> [Int?] {
                try await eventually("\(count) are left, none is held", within: .seconds(20)) {
                    let figures = try await bench.broker.management.queue(dead)
                    return figures?.ready == count && figures?.unacknowledged == 0
                }
                // The management API's own look can change the order, so that only the first one tells it.
                return try await bench.broker.management.messages(in: dead).map { message in
                    ids.firstIndex(of: message.headers[EventMessage.Header.id])
                }
            }

            let dry = try await bench.command(["dead", "replay", "--stage", "decision", "--dry-run"])
            #expect(dry.status == .exited(0) && dry.output.contains("10 would be replayed, 0 would be no-ops"))

            let odd = try await bench.command([
                "dead", "replay", "--stage", "decision", "--reason", "odd", "--limit", "2", "--rate", "100",
            ])
            #expect(odd.status == .exited(0), "\(odd.output)")
            #expect(odd.output.contains("2 replayed"), "\(odd.output)")
            #expect(try await left(8) == [0, 2, 4, 5, 6, 7, 8, 9])

            let request = try #require(letters[0].requestID)
            let one = try await bench.command(["dead", "replay", "\(request)"])
            #expect(one.status == .exited(0) && one.output.contains("1 replayed"), "\(one.output)")
            let again = try await bench.command(["dead", "replay", "\(request)"])
            #expect(again.status == .exited(1) && again.output.contains("not in a dead queue"), "\(again.output)")

            let discarded = try #require(ids[2])
            let discard = try await bench.command(["dead", "discard", discarded, "--why", "asked twice"])
            #expect(discard.status == .exited(0) && discard.output.contains("1 discarded"), "\(discard.output)")
            #expect(Set(try await left(6)) == Set(4...9))
            try await bench.awaitRecorded(6)
            let show = try await bench.command(["dead", "show", discarded])
            #expect(show.output.contains("discarded") && show.output.contains("asked twice"), "\(show.output)")

            let unknown = UUID().canonical
            for arguments in [["show", unknown], ["replay", unknown], ["discard", unknown, "--why", "x"]] {
                let result = try await bench.command(["dead"] + arguments)
                #expect(result.status == .exited(1))
                #expect(result.output.contains("no dead letter has the id \(unknown)"), "\(result.output)")
            }
        }
    }

    @Test
    func theListAndALetterAreShownWithoutTouchingTheQueue() async throws {
        try await OperatorBench.run { bench in
            let letter = try #require(try bench.letters(1).first)
            try await bench.bury(letter, in: .callback)
            try await bench.bury(EventMessage(headers: [:], body: [0xFF, 0x00]), in: .geocode, reason: "undecodable")
            try await bench.bury(letter, in: .progress)
            try await bench.awaitRecorded(2)

            let list = try await bench.command(["dead", "list"])
            #expect(list.status == .exited(0), "\(list.output)")
            #expect(list.output.contains("out-of-attempts") && list.output.contains("undecodable"))
            #expect(list.output.contains("\(bench.topology.deadQueue(.progress))"))
            #expect(list.output.contains("it records none of its own"), "\(list.output)")
            let json = try await bench.command(["dead", "list", "--json", "--stage", "callback"])
            #expect(json.output.contains(try #require(letter.id).canonical))

            let show = try await bench.command(["dead", "show", try #require(letter.id).canonical])
            #expect(show.output.contains("out-of-attempts") && show.output.contains("\"provider\""), "\(show.output)")
            let garbage = DeadLetterID.of(EventMessage(headers: [:], body: [0xFF, 0x00])).canonical
            let raw = try await bench.command(["dead", "show", garbage, "--raw"])
            #expect(raw.output.contains("/wA="), "\(raw.output)")
            // Seen by nobody: a look leaves its count.
            for stage in [Stage.callback, .geocode, .progress] {
                let messages = try await bench.broker.management.messages(in: bench.topology.deadQueue(stage))
                #expect(
                    messages.count == 1 && ["0", nil].contains(messages[0].headers["x-delivery-count"]), "\(stage)")
            }
        }
    }

    @Test
    func whateverIsWrongIsOneClearLineAndANonZeroExit() async throws {
        try await OperatorBench.run { bench in
            let id = UUID().canonical
            let nowhere = "http://127.0.0.1:1"
            let replay = ["dead", "replay", "--stage", "callback"]
            let cases: [([String], String)] = [
                (["dead", "list", "--admin-url", nowhere], "the admin API at \(nowhere) cannot be reached"),
                (["dead", "show", id, "--admin-url", nowhere], "cannot be reached"),
                (["audit", "--admin-url", nowhere], "cannot be reached"),
                (
                    replay + ["--broker-url", "amqp://guest:guest@127.0.0.1:1"],
                    "the broker at 127.0.0.1:1 cannot be used"
                ),
                (
                    replay + ["--broker-url", bench.broker.url.replacing("guest:guest", with: "guest:wrong")],
                    "access-refused"
                ),
                (replay + ["--topology-prefix", "nobody"], "the broker has no queue nobody.callback.dead"),
                (["dead", "list", "--topology-prefix", "nobody"], "the broker has no queue nobody.geocode.dead"),
            ]
            for (arguments, expected) in cases {
                let result = try await bench.command(arguments)
                #expect(result.status == .exited(1), "\(arguments)")
                let errors = result.output.split(separator: "\n").filter { $0.hasPrefix("Error: ") }
                #expect(errors.count == 1 && errors[0].contains(expected), "\(arguments): \(result.output)")
                #expect(!result.output.contains("guest:wrong"))
            }
            // Its stage's queue is gone: nothing may leave the dead one.
            let letter = try #require(try bench.letters(1).first)
            try await bench.bury(letter, in: .callback)
            try await bench.awaitRecorded(1)
            // A consumer that begins anew declares everything anew.
            try await eventually("it consumes as fast as it may") {
                await bench.ingest.log().contains("prefetch=512")
            }
            try await bench.broker.management.deleteQueue(bench.topology.queue(.callback))
            let result = try await bench.command(replay)
            #expect(
                result.status == .exited(1) && result.output.contains("no queue takes a message"), "\(result.output)")
            let dead = bench.topology.deadQueue(.callback)
            let left = try await eventually("it is back", within: .seconds(20)) {
                let messages = try await bench.broker.management.messages(in: dead)
                return messages.isEmpty ? nil : messages
            }
            #expect(left.count == 1)
        }
    }

    /// A wrong admin token is refused, here and by the listener.
    @Test
    func aWrongAdminTokenIsRefused() async throws {
        try await OperatorBench.run(token: "s3cret") { bench in
            let right = try await bench.command(["dead", "list", "--admin-token", "s3cret"])
            #expect(right.status == .exited(0), "\(right.output)")
            for (arguments, what) in [([], "wants a token"), (["--admin-token", "x"], "wants another token")] {
                let wrong = try await bench.command(["dead", "list"] + arguments)
                #expect(wrong.status == .exited(1) && wrong.output.contains(what), "\(wrong.output)")
            }
            #expect(try await bench.ingest.get("admin/conservation").status == 401)
            #expect(try await bench.ingest.get("metrics").status == 401)
            #expect(try await bench.ingest.get("health/live").status == 200)
        }
    }
}
