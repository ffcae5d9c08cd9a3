import AdminAPI
import ArgumentParser
import CoverageMap
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Operator

@Suite struct CoverageCommandTests {
    private static let upload = "POST /admin/coverage/drafts"
    private static let decisions = "POST /admin/coverage/drafts/d1/decisions"
    private static let places = "GET /admin/requests/places"
    private static let taken =
        #"{"id":"d1","coverageVersion":"draft@1","organizations":["relief"],"warnings":[],"expiresInSeconds":900}"#
    private static let covered = #"{"outcome":"covered","acceptance":true,"reason":"state_covered","rule":"state:TX"}"#
    private static let declined = #"{"outcome":"not_covered","acceptance":false,"reason":"not_covered"}"#

    /// One request that was accepted, and one that nobody has located.
    private static let page = """
        {"places":[{"id":"\(PlaceFixture.id(1).uuidString)","organization":"relief","provider":"p",
        "acceptedAt":"2026-09-21T14:13:20.000Z","state":"TX","zip":"77002",
        "countyFips":"48201","county":"Harris County","geocoded":true,
        "location":{"latitude":29.76,"longitude":-95.36,"precision":"zip","source":"gazetteer"},
        "decision":{"acceptance":true,"reason":"state_covered","rule":"state:TX","coverageVersion":"v1",
        "at":"2026-09-21T14:13:21.000Z"}},
        {"id":"\(PlaceFixture.id(2).uuidString)","organization":"relief","provider":"p",
        "acceptedAt":"2026-09-21T14:13:22.000Z","state":"TX","zip":"77003","geocoded":false}]}
        """

    @Test(arguments: [(covered, 0), (declined, 1)] as [(String, Int32)])
    func diffEndsAsDiffDoes(_ outcome: String, _ status: Int32) async throws {
        let asked = try await FakeAdmin.run(answer: { line in
            switch line {
            case Self.upload: (200, Self.taken)
            case Self.decisions: (200, #"{"coverageVersion":"draft@1","outcomes":[\#(outcome)]}"#)
            default: (200, Self.page)
            }
        }) { url in
            try await Self.withFile { path in
                for format in ["text", "json", "csv"] {
                    try await Self.expect(status, ["diff", "--with", path, "--format", format], url)
                }
            }
        }
        #expect(asked.prefix(3).map(\.request) == [Self.upload, Self.places, Self.decisions])
        #expect(asked.allSatisfy { $0.authorization == "Bearer t0ken" })
    }

    @Test func diffCanCompareWithTheCurrentCoverage() async throws {
        let asked = try await FakeAdmin.run(answer: { line in
            switch line {
            case Self.upload: (200, Self.taken)
            case Self.places: (200, Self.page)
            default: (200, #"{"coverageVersion":"x","outcomes":[\#(Self.covered)]}"#)
            }
        }) { url in
            try await Self.withFile { path in
                let arguments = [
                    "diff", "--with", path, "--against", "current", "--since", "30d", "--on", "2027-01-01",
                ]
                try await Self.expect(0, arguments, url)
            }
        }
        #expect(asked.map(\.request).last == "POST /admin/coverage/drafts/current/decisions")
    }

    @Test(arguments: [
        (422, #"{"problems":["organizations.relief (line 2): wrong"]}"#), (500, "oops"), (401, ""), (404, ""),
        (200, "[]"),
    ])
    func troubleIsNoAnswer(_ status: Int, _ body: String) async throws {
        _ = try await FakeAdmin.run(answer: { _ in (status, body) }) { url in
            try await Self.withFile { path in
                try await Self.expect(2, ["diff", "--with", path], url)
                try await Self.expect(2, ["diff", "--with", path + ".not-there"], url)
            }
        }
    }

    @Test func everythingThatIsWrongWithADraftIsShown() async throws {
        let faulty =
            #"{"problems":["a (line 2): wrong","b (line 3): \u001b[2J wrong"],"missingFiles":["/etc/hostname"]}"#
        _ = try await FakeAdmin.run(answer: { _ in (422, faulty) }) { url in
            try await Self.withFile { path in
                let api = ServiceAdmin(base: url, token: nil)
                let error = await #expect(throws: CommandError.self) {
                    try await DraftReader(path: path).upload(to: api)
                }
                #expect(
                    error?.description
                        == "\(path) cannot come into force:\n  a (line 2): wrong\n  b (line 3): \u{FFFD}[2J wrong")
            }
        }
    }

    @Test func filesThatTheDraftNamesAreUploadedWithIt() async throws {
        let uploads = Recorder<Int>()
        let asked = try await FakeAdmin.run(answer: { _ in
            uploads.add(1)
            // What the draft does not name is not read, whoever asks for it.
            return uploads.all.count == 1
                ? (422, #"{"problems":["zips.csv: cannot be read"],"missingFiles":["zips.csv","/etc/hostname"]}"#)
                : (200, Self.taken)
        }) { url in
            try await Self.withFile(beside: ["zips.csv": "77002\n"]) { path in
                let draft = try await DraftReader(path: path).upload(to: ServiceAdmin(base: url, token: nil))
                #expect(draft.id == "d1")
            }
        }
        #expect(asked.count == 2)
    }

    @Test func anOrganizationThatThereIsNotHasNoMap() async throws {
        _ = try await FakeAdmin.run(answer: { _ in (404, "") }) { url in
            let services = ["--ingest-url", url, "--decision-url", url]
            for (arguments, problem) in [
                (["map", "--organization", "x"], "the coverage names no organization x"),
                (["map"], "is it DecisionService's admin listener?"),
            ] {
                let error = await #expect(throws: CommandError.self) { try await Self.run(arguments + services) }
                #expect(error?.description.contains(problem) == true)
            }
        }
    }

    @Test func aServiceThatIsAwayIsNamed() async throws {
        let error = await #expect(throws: CommandError.self) {
            try await Self.run(["map", "--decision-url", "http://127.0.0.1:1"])
        }
        #expect(error?.description.contains("see --decision-url") == true)
        let wrong = await #expect(throws: CommandError.self) { try await Self.run(["map", "--ingest-url", "ops:1"]) }
        #expect(wrong?.description.hasPrefix("--ingest-url must look like") == true)
    }

    @Test(arguments: [
        ["diff"], ["diff", "--with", "x", "--since", "yesterday"], ["diff", "--with", "x", "--format", "xml"],
        ["diff", "--with", "x", "--against", "y"], ["map", "--requests", "yes"],
    ])
    func aWrongArgumentIsAUsageError(_ arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try Intake.parseAsRoot(["coverage"] + arguments) }
        #expect(error.map { Intake.exitCode(for: $0).rawValue } == 64)
    }

    @Test func aMapNamesWhatItShows() {
        let areas = CoveredAreas(
            coverageVersion: "v1",
            areas: [.init(organization: "relief", name: nil, states: [], counties: ["48201": 0.5])])
        let drawing = CoverageMapCommand.drawing(areas, nil)
        #expect(drawing.title == "What relief covers" && drawing.subtitle.hasPrefix("Coverage v1;"))
        #expect(drawing.shadings.map(\.counties) == [["48201": 0.5]])
    }

    private static func run(_ arguments: [String]) async throws {
        var command = try #require(try Intake.parseAsRoot(["coverage"] + arguments) as? any AsyncParsableCommand)
        try await command.run()
    }

    /// Runs the command, and looks at the exit status that it ends with.
    private static func expect(_ status: Int32, _ arguments: [String], _ url: String) async throws {
        var ended: Int32 = 0
        do {
            try await run(arguments + ["--ingest-url", url, "--decision-url", url, "--admin-token", "t0ken"])
        } catch let error as ExitCode {
            ended = error.rawValue
        }
        #expect(ended == status)
    }

    /// - Parameter beside: further files of the folder.
    private static func withFile(
        beside files: [String: String] = [:], _ body: (String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("draft-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            // What stays behind is a temporary file.
            try? FileManager.default.removeItem(at: folder)
        }
        for (name, text) in files {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        }
        let draft = folder.appendingPathComponent("draft.yaml")
        try Data("organizations: {relief: {covers: {zips_file: zips.csv}}}\n".utf8).write(to: draft)
        try await body(draft.path)
    }
}
