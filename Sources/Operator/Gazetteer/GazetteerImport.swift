import AddressTable
import ArgumentParser
import Contracts
import Foundation
import Places
import Terminal

/// `intake gazetteer import`
struct GazetteerImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make an address table of CSV or GeoJSON files, for a geocoder of the kind addresses.",
        discussion: """
            The files are CSV in UTF-8 with a header that names lon, lat, number, street, city, region and postcode, \
            in any order and case, or GeoJSON with properties of these names: OpenAddresses' files are of both kinds. \
            Fields may be set off by semicolons, tabs or bars too. The names of the National Address Database and of \
            counties' exports are known, and a street in parts is put together. A column address may hold number and \
            street together; other columns are passed over. - reads standard input.

            Rows that say no city, state or ZIP get those of --city, --state and --zip; rows that still have neither a \
            ZIP nor a city get the ZIP and the city whose middle is nearest to them. What was read otherwise than it \
            is written is counted by kind.

            The table is written beside the output and put in its place when it is whole; a running GeocodeService \
            takes the new one into use by itself. Rows that are malformed are counted and the first of them listed. \
            Exits 1 when they are more than --max-malformed per cent, and everything stays as it was.
            """)

    @Argument(help: "The files.", completion: .file(extensions: ["csv", "geojson"]))
    var files: [String]

    @Option(help: "The table to make, or to replace.", completion: .file(extensions: ["sqlite"]))
    var output: String

    @Option(
        name: [.customLong("state"), .customLong("region")], help: "The state of all rows that name none, e.g. TX.")
    var region: String?

    @Option(help: "The city of all rows that name none.")
    var city: String?

    @Option(help: "The ZIP of all rows that name none.")
    var zip: String?

    @Option(help: "The gazetteer. (default: the one shipped beside the executable)", completion: .file())
    var gazetteer: String?

    @Option(help: "How many per cent of the rows may be malformed.")
    var maxMalformed = 10.0

    @Option(help: "How many malformed rows to list.")
    var list = 20

    @Flag(help: "Print the counts as JSON.")
    var json = false

    func validate() throws {
        guard (0...100).contains(maxMalformed) else {
            throw ValidationError("--max-malformed must be between 0 and 100.")
        }
        guard (0...10_000).contains(list) else { throw ValidationError("--list must be between 0 and 10000.") }
        if let region, USState.code(written: region) == nil {
            throw ValidationError("--state must be a state, such as TX.")
        }
        if let zip, ZIPCode(zip) == nil { throw ValidationError("--zip must have five digits.") }
        guard files.count(where: { $0 == "-" }) <= 1 else { throw ValidationError("- can be read once.") }
    }

    func run() async throws {
        let defaults = StreetReader.Defaults(
            city: city ?? "", state: region.flatMap { USState.code(written: $0) },
            zip: zip.flatMap { ZIPCode($0) }.map { Int($0.number) } ?? 0,
            byPoint: PlaceByPoint(try GazetteerFile.read(gazetteer)))
        let work = AddressImport(
            files: files, output: output, defaults: defaults, mostMalformed: maxMalformed, listed: list)
        // A file that cannot be read has no length here; the import says why.
        let lengths = files.map { $0 == "-" ? nil : (try? CSVFile(path: $0))?.length }
        let progress = ImportProgress(length: lengths.contains(nil) ? nil : lengths.compactMap(\.self).reduce(0, +))
        let showing = Task { await ProgressDisplay.onStandardError().run { progress.snapshot } }
        let result = await Self.onThread { try work.run(progress) }
        showing.cancel()
        await showing.value
        do {
            let summary = try result.get()
            try Output.write(json ? .json(summary.json) : .text("\(output)\n\(summary.text)"))
        } catch let refused as AddressImport.Refused {
            try Output.write(json ? .json(refused.summary.json) : .text(refused.summary.text))
            throw CommandError("\(refused.reason): \(output) is as it was")
        }
    }

    /// An import blocks for its whole time, and would take one of the few threads that tasks run on.
    private static func onThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async -> Result<Value, any Error> {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: Result { try work() }) }
        }
    }
}
