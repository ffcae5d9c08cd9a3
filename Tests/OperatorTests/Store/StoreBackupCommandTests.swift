import ArgumentParser
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Operator

/// `intake store backup`, which has the store's own program do it.
@Suite struct StoreBackupCommandTests {
    private func command(_ words: [String]) throws -> StoreBackupCommand {
        try #require(try Intake.parseAsRoot(["store", "backup"] + words) as? StoreBackupCommand)
    }

    @Test func theServicesProgramIsAskedAndItsStatusPassedOn() throws {
        let directory = try TestDirectory.make("store")
        let script =
            "#!/bin/sh\nprintf '%s|' \"$@\" \"$INTAKE_STORE_PATH\" \"$INTAKE_STORE_URL\" >\(directory)/said\nexit 3\n"
        try script.write(toFile: "\(directory)/ingest-service", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: "\(directory)/ingest-service")
        for (words, environment, said) in [
            (["f"], ["INTAKE_STORE_PATH": "s"], "backup-store|f|s||"),
            (["f", "--json", "--store", "t"], ["INTAKE_STORE_URL": "u"], "backup-store|f|--json|t||"),
            (["f", "--store", "postgresql://h/d"], [:], "backup-store|f||postgresql://h/d|"),
        ] {
            var run = try command(words).command(environment)
            run.executables.folders = ["\(directory)/nowhere", directory]
            #expect(try run.run() == 3)
            #expect(try String(contentsOfFile: "\(directory)/said", encoding: .utf8) == said)
        }
        var run = try command(["f"]).command([:])
        run.executables.folders = []
        let error = #expect(throws: CommandError.self) { _ = try run.run() }
        #expect(error?.description.contains("ingest-service") == true)
    }
}
