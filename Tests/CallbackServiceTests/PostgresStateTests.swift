import Contracts
import Foundation
import PostgreSQL
import TestSupport
import Testing

@testable import CallbackService

/// A state's server that dies, hangs, turns read-only and lies.
@Suite(.serialized, .enabled(if: PostgresServer.isInstalled), .timeLimit(.minutes(3))) struct PostgresStateTests {
    private let request = RequestID(UUID())

    private func withServer(
        _ name: String, limits: PostgresLimits = PostgresLimits(),
        _ body: (PostgresServer, CallbackState) async throws -> Void
    ) async throws {
        let server = try await PostgresServer.start()
        try await server.run("CREATE DATABASE \(name)")
        let place = StateDriver.Place.server(server.url(name, more: "&connect_timeout=2"))
        try await body(server, try await place.state(limits: limits))
    }

    /// What was taken is there after the crash; meanwhile it is said at once that it cannot be known.
    @Test func aServerThatDiesKeepsWhatWasTaken() async throws {
        try await withServer("dies") { server, state in
            for round in 2...4 {
                #expect(try await state.take(round, of: request) == round)
                try await server.crash()
                let start = ContinuousClock.now
                await #expect(throws: CallbackState.Failure.self) { try await state.take(round + 10, of: request) }
                await #expect(throws: CallbackState.Failure.self) { try await state.newest(of: request) }
                #expect(start.duration(to: .now) < .seconds(10))
                try await server.restart()
                #expect(try await state.newest(of: request) == round)
            }
        }
    }

    /// Connections that have been ended between two callbacks cost neither of them anything.
    @Test func aRestartBetweenTwoCallbacksIsNotNoticed() async throws {
        try await withServer("restarts") { server, state in
            for round in 2...5 {
                #expect(try await state.take(round, of: request) == round)
                try await server.crash()
                try await server.restart()
            }
            #expect(try await state.newest(of: request) == 5)
        }
    }

    /// However many ask, all know soon that a server hangs.
    @Test func aServerThatHangsHoldsNobodyLong() async throws {
        var limits = PostgresLimits()
        limits.answer = .seconds(1)
        limits.patience = .seconds(1)
        try await withServer("hangs", limits: limits) { server, state in
            _ = try await state.take(2, of: request)
            await server.freeze(true)
            let start = ContinuousClock.now
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        await #expect(throws: CallbackState.Failure.self) { try await state.take(3, of: request) }
                    }
                }
            }
            #expect(start.duration(to: .now) < .seconds(15))
            await server.freeze(false)
            try await eventually("the state works again") { (try? await state.take(4, of: request)) == 4 }
        }
    }

    @Test func aServerThatTurnsReadOnlyIsAnErrorUntilItWrites() async throws {
        try await withServer("reads") { server, state in
            _ = try await state.take(2, of: request)
            try await server.run("ALTER DATABASE reads SET default_transaction_read_only = on")
            try await server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'reads'")
            let error = await #expect(throws: CallbackState.Failure.self) { try await state.take(3, of: request) }
            #expect(error?.detail.contains("25006") == true)
            let place = StateDriver.Place.server(server.url("reads"))
            let atStart = await #expect(throws: CallbackState.Failure.self) { try await place.state() }
            #expect(atStart?.detail.contains("25006") == true)
            try await server.run("ALTER DATABASE reads RESET default_transaction_read_only")
            #expect(try await state.take(3, of: request) == 3)
        }
    }

    /// Whatever the database's default is, what was taken outlasts the server's end.
    @Test func aDatabaseThatDoesNotWaitForItsDiskIsMadeTo() async throws {
        try await withServer("hurries") { server, state in
            try await server.run("ALTER DATABASE hurries SET synchronous_commit = off")
            // Connections have the default of when they began.
            try await server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'hurries'")
            for sequence in 2...30 {
                #expect(try await state.take(sequence, of: request) == sequence)
            }
            try await server.crash()
            try await server.restart()
            #expect(try await state.newest(of: request) == 30)
        }
    }

    /// Beside the store's tables, under a role that owns no more than these.
    @Test func aRoleThatMayMakeTablesIsEnough() async throws {
        let server = try await PostgresServer.start()
        try await server.run("CREATE ROLE intake LOGIN")
        try await server.run("CREATE DATABASE shared OWNER intake")
        let state = try await StateDriver.Place.server(server.url("shared", user: "intake")).state()
        #expect(try await state.take(2, of: request) == 2)
    }
}
