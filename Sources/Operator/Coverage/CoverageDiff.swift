import AdminAPI
import ArgumentParser
import Contracts
import Foundation
import Terminal

/// `intake coverage diff`
struct CoverageDiff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Decide past requests again under a draft, and list what would change.",
        discussion: """
            Nothing comes into force and nobody is told anything. Requests come from IngestService with the answers \
            that were given, the draft's answers from DecisionService, by the places that were found then. Exits 0 \
            when every answer stays, 1 when one would change, 2 when that could not be found out.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, csv }
    enum Before: String, CaseIterable, ExpressibleByArgument { case decided, current }

    @Option(help: "The draft: a coverage.yaml. Files that it names are taken from where it is.")
    var with: String

    @Option(help: "Only requests that were accepted on this day or later, as 2026-01-31 (UTC), or so long ago, as 30d.")
    var since: DayOrAge?

    @Option(help: "Only requests for this organization.")
    var organization: String?

    @Option(help: "Compare with what was decided then, or with what the current coverage says.")
    var against = Before.decided

    @Option(help: "Decide by the rules that are in force on this day, as 2026-01-31 (UTC). (default: now)")
    var on: DayOrAge?

    @Option(help: "How to print it.")
    var format = Format.text

    @Flag(help: "Also list answers that stay, but by another rule or for another reason.")
    var all = false

    @Flag(help: "The same as --format json.")
    var json = false

    @OptionGroup var services: CoverageServices

    func run() async throws {
        let comparison: DecisionComparison
        let draft: UploadDraft.Answer
        do throws(CommandError) {
            (draft, comparison) = try await compare()
        } catch {
            // As diff does: 1 is an answer.
            FileHandle.standardError.write(Data("Error: \(error)\n".utf8))
            throw ExitCode(2)
        }
        let report = CoverageDiffReport(draft: draft, comparison: comparison, showsAll: all)
        let output: Data =
            switch json ? .json : format {
            case .text: Data(report.text.utf8)
            case .json: try Output.jsonText(report.json)
            case .csv: Data(report.csv.utf8)
            }
        try FileHandle.standardOutput.write(contentsOf: output)
        if comparison.hasFlips { throw ExitCode(1) }
    }

    private func compare() async throws(CommandError) -> (UploadDraft.Answer, DecisionComparison) {
        let (ingest, decision) = (try services.ingest(), try services.decision())
        let draft = try await DraftReader(path: with).upload(to: decision)
        var comparison = DecisionComparison()
        try await ingest.places(since: since, organization: organization) { all throws(CommandError) in
            // Those that nobody has looked for have no place to decide by.
            let places = all.filter(\.geocoded)
            for place in all where !place.geocoded { comparison.add(place, before: nil, after: nil) }
            guard !places.isEmpty else { return }
            let outcomes = try await decision.outcomes(of: places, under: draft.id, on: on?.date(before: Date()))
            let before = try await before(places, decision)
            for (index, place) in places.enumerated() {
                comparison.add(place, before: before[index], after: outcomes[index])
            }
        }
        return (draft, comparison)
    }

    private func before(
        _ places: [RequestPlace], _ decision: ServiceAdmin
    ) async throws(CommandError) -> [Verdict?] {
        switch against {
        case .decided: places.map { $0.decision.map { Verdict($0) } }
        case .current: try await decision.outcomes(of: places, under: DecidePlaces.current, on: nil)
        }
    }
}

extension ServiceAdmin {
    /// What a draft, or what is in force, says to places.
    /// - Parameter on: the time that its rules are to be in force at; `nil` for now.
    fileprivate func outcomes(
        of places: [RequestPlace], under draft: String, on: Date?
    ) async throws(CommandError) -> [Verdict?] {
        let body = DecidePlaces.Body(places: places.map(PlaceInQuestion.init), on: on)
        let outcomes = try await send(DecidePlaces.call(of: draft, body: body)).outcomes
        guard outcomes.count == places.count else {
            throw CommandError("DecisionService answered about \(outcomes.count) of \(places.count) places")
        }
        return outcomes
    }
}
