import AdminAPI
import Contracts
import HTTPListener
import ServiceRuntime

import struct Foundation.Date

/// What an operator sees of the dead letters. Nothing here touches a queue.
struct DeadLetterController: Sendable {
    var access: StoreAccess
    var now: @Sendable () -> Date

    @Sendable func list(_ asked: AdminQuestion<ListDeadLetters>) async throws -> DeadLetterPage {
        let query = asked.query
        let filter = DeadLetterFilter(
            stage: query.stage, reason: query.reason, diedBefore: query.olderThan.map(now().before),
            includesResolved: query.includesResolved, provider: query.provider)
        let (letters, groups) = try await access.ask(.operate, asked.logger) { store in
            (
                // One more than asked for tells whether there is a next page.
                try await store.deadLetters(
                    filter, after: query.after.flatMap(DeadLetterCursor.init), limit: query.limit + 1),
                query.after == nil ? try await store.deadLetterGroups(filter) : nil
            )
        }
        let page = letters.prefix(query.limit)
        let next = letters.count > query.limit ? page.last.map { DeadLetterCursor($0.message).description } : nil
        return DeadLetterPage(groups: groups, deadLetters: page.map { DeadLetterEntry($0) }, next: next)
    }

    @Sendable func show(_ asked: AdminQuestion<ShowDeadLetters>) async throws -> DeadLetterPage {
        let (letters, jobs) = try await access.ask(.operate, asked.logger) { store in
            let letters = try await store.deadLetters(asked.subject.uuid)
            var jobs: [RequestID: JobView] = [:]
            for id in Set(letters.compactMap(\.message.requestID)) {
                jobs[id] = try await store.request(id).map { JobView($0, at: now()) }
            }
            return (letters, jobs)
        }
        guard !letters.isEmpty else { throw Problem.notFound }
        return DeadLetterPage(
            deadLetters: letters.map { letter in
                var entry = DeadLetterEntry(letter)
                entry.show(letter.message, isRaw: asked.query.raw)
                entry.job = letter.message.requestID.flatMap { jobs[$0] }
                return entry
            })
    }
}
