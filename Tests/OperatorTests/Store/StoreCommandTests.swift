import ArgumentParser
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Operator

/// `intake store backup` and `copy`, which have the store's own program do it.
@Suite struct StoreCommandTests {
    private func program(_ words: [String], _ environment: [String: String]) throws -> StoreProgram {
        let command = try Intake.parseAsRoot(["store"] + words)
        if let copy = command as? StoreCopyCommand { return copy.command(environment) }
        return try #require(command as? StoreBackupCommand).command(environment)
    }

    @Test func theServicesProgramIsAskedAndItsStatusPassedOn() throws {
        let directory = try TestDirectory.make("store")
        let script =
            "#!/bin/sh\nprintf '%s|' \"$@\" \"$INTAKE_STORE_PATH\" \"$INTAKE_STORE_URL\" >\(directory)/said\nexit 3\n"
        try script.write(toFile: "\(directory)/ingest-service", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: "\(directory)/ingest-service")
        for (words, environment, said) in [
            (["backup", "f"], ["INTAKE_STORE_PATH": "s"], "backup-store|f|s||"),
            (["backup", "f", "--json", "--store", "t"], ["INTAKE_STORE_URL": "u"], "backup-store|f|--json|t||"),
            (["backup", "f", "--store", "postgresql://h/d"], [:], "backup-store|f||postgresql://h/d|"),
            (["copy", "f"], ["INTAKE_STORE_URL": "u"], "copy-store|f||u|"),
            (
                ["copy", "--to", "postgresql://h/d", "--", "-f"], ["INTAKE_STORE_URL": "u"],
                "copy-store|./-f||postgresql://h/d|"
            ),
            (["copy", "f", "--json"], [:], "copy-store|f|--json|||"),
        ] {
            var run = try program(words, environment)
            run.executables.folders = ["\(directory)/nowhere", directory]
            #expect(try run.run() == 3)
            #expect(try String(contentsOfFile: "\(directory)/said", encoding: .utf8) == said)
        }
        var run = try program(["backup", "f"], [:])
        run.executables.folders = []
        let error = #expect(throws: CommandError.self) { _ = try run.run() }
        #expect(error?.description.contains("ingest-service") == true)
    }
}
