import AdminAPI
import ArgumentParser
import Contracts
import CoverageMap
import Foundation
import Terminal

/// `intake coverage map`
struct CoverageMapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map", abstract: "Draw what is covered, and where requests came from, as SVG.",
        discussion: """
            A county is shaded by the share of its ZIPs that the rules in force say yes to; the borders are a \
            background. Requests are dots, those of one place one dot.
            """)

    @Option(name: .shortAndLong, help: "Where to write it. (default: standard output)")
    var output: String?

    @Option(help: "Only what this organization covers, and its requests.")
    var organization: String?

    @Option(help: "Only requests that were accepted on this day or later, as 2026-01-31 (UTC), or so long ago, as 30d.")
    var since: DayOrAge?

    @Flag(inversion: .prefixedNo, help: "Whether to draw requests.")
    var requests = true

    @OptionGroup var services: CoverageServices

    func run() async throws {
        let (ingest, decision) = (try services.ingest(), try services.decision())
        let areas = try await decision.send(
            ListAreas.call { $0.organization = organization },
            missing: organization.map { "the coverage names no organization \(PrintableText.of($0))" })
        let shapes: CountyShapes
        do throws(ByteReader.Failure) {
            shapes = try ShapesFile.read()
        } catch {
            throw CommandError("the map's shapes: \(error): it belongs into the folder of this command")
        }
        let dots = requests ? try await dots(ingest) : nil
        let svg = Self.drawing(areas, dots).svg(shapes)
        guard let output else {
            try FileHandle.standardOutput.write(contentsOf: Data(svg.utf8))
            return
        }
        do {
            try Data(svg.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
        } catch {
            throw CommandError("\(output) cannot be written")
        }
    }

    static func drawing(_ areas: CoveredAreas, _ dots: RequestDots?) -> CoverageDrawing {
        let names = areas.areas.map { $0.name ?? $0.organization }
        return CoverageDrawing(
            title: names.count == 1 ? "What \(names[0]) covers" : "What is covered",
            subtitle: "Coverage \(areas.coverageVersion); a county is shaded by the share of its ZIPs that is covered",
            shadings: zip(names, areas.areas).map { Shading(name: $0, counties: $1.counties) }, requests: dots)
    }

    private func dots(_ ingest: ServiceAdmin) async throws(CommandError) -> RequestDots {
        var dots = RequestDots()
        try await ingest.places(since: since, organization: organization) { places throws(CommandError) in
            for place in places { dots.add(place.location.map(CountyShapes.Position.init), place.answer) }
        }
        return dots
    }
}

extension CountyShapes.Position {
    fileprivate init(_ location: GeocodedLocation) {
        self.init(longitude: location.longitude, latitude: location.latitude)
    }
}

extension RequestPlace {
    fileprivate var answer: RequestDots.Answer {
        switch decision?.acceptance {
        case true?: .accepted
        case false?: .declined
        case nil: .open
        }
    }
}
