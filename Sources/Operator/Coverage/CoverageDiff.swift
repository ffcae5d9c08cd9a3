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
        let draft: DraftUpload.Draft
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
            case .json: try AdminJSON.text(report.json)
            case .csv: Data(report.csv.utf8)
            }
        try FileHandle.standardOutput.write(contentsOf: output)
        if comparison.hasFlips { throw ExitCode(1) }
    }

    private func compare() async throws(CommandError) -> (DraftUpload.Draft, DecisionComparison) {
        let (ingest, decision) = (try services.ingest(), try services.decision())
        let draft = try await DraftReader(path: with).upload(to: decision)
        var comparison = DecisionComparison()
        var after: UUID?
        repeat {
            let page = try await ingest.places(
                since: since?.date(before: Date()), organization: organization, after: after)
            // Those that nobody has looked for have no place to decide by.
            let places = page.places.filter(\.geocoded)
            for place in page.places where !place.geocoded { comparison.add(place, before: nil, after: nil) }
            if !places.isEmpty {
                let outcomes = try await decision.outcomes(of: places, under: draft.id, on: on?.date(before: Date()))
                let before = try await sides(places, decision)
                for (index, place) in places.enumerated() {
                    comparison.add(place, before: before[index], after: outcomes[index])
                }
            }
            after = page.next
        } while after != nil
        return (draft, comparison)
    }

    private func sides(
        _ places: [PlacePage.Place], _ decision: AdminAPI
    ) async throws(CommandError) -> [DecisionComparison.Side?] {
        switch against {
        case .decided: return places.map { $0.decision.map(DecisionComparison.Side.init) }
        case .current:
            return try await decision.outcomes(of: places, under: "current", on: nil)
                .map { $0.map(DecisionComparison.Side.init) }
        }
    }
}
