import Foundation
import Testing

@testable import CoverageMap

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct CoverageDrawingTests {
    @Test func theDrawingIsWellFormedAndSaysWhatItShows() throws {
        let svg = try drawing().svg(ShapesFixture().shapes)
        let document = try #require(SVGDocument(svg))
        #expect(document.elements["svg"] == 1)
        #expect(document.texts["title"]?.first == "Who & what <covers>")
        #expect(
            document.texts["desc"]
                == ["Relief \"A\" & Co covers 1 counties as a whole and 1 in part. 3 requests are shown as dots."])
        #expect(document.texts["title"]?.contains("Alpha <&>, KS: Relief \"A\" & Co") == true)
        #expect(document.texts["title"]?.contains("Beta, KS: Relief \"A\" & Co, 40 %") == true)
        #expect(document.texts["title"]?.contains("2 requests accepted") == true)
        #expect(document.texts["text"]?.contains("1 without a place on this map") == true)
        #expect(document.texts["text"]?.contains(ShapesFile.credit) == true)
        #expect(svg.contains("viewBox=\"0 0 1200 860\"") && svg.contains("role=\"img\""))
    }

    @Test func whatIsNotThereIsNotDrawn() throws {
        var drawing = drawing()
        drawing.requests = nil
        drawing.shadings = [Shading(name: "Nobody", counties: ["99999": 1, "20003": 0])]
        let svg = try drawing.svg(ShapesFixture().shapes)
        let document = try #require(SVGDocument(svg))
        #expect(document.elements["circle"] == nil)
        #expect(!svg.contains("Beta"))
    }

    @Test func theSameIsDrawnTheSame() throws {
        let shapes = try ShapesFixture().shapes
        #expect(drawing().svg(shapes) == drawing().svg(shapes))
    }

    /// Names come from a file that people write.
    @Test(arguments: [
        "</title><script>alert(1)</script>", "\u{0}\u{8}\u{1B}[2J", "a\u{FFFF}b", "\"'><&", "]]>", "名前 🏠",
    ])
    func noNameBreaksTheDocument(_ name: String) throws {
        var drawing = drawing()
        drawing.title = name
        drawing.shadings = [Shading(name: name, counties: ["20001": 1])]
        let document = try #require(SVGDocument(try drawing.svg(ShapesFixture().shapes)))
        #expect(document.elements["script"] == nil)
    }

    @Test func aDotGrowsWithItsRequestsToABound() {
        #expect(RequestDots.radius(1) < RequestDots.radius(4))
        #expect(RequestDots.radius(1_000_000) == 14)
    }

    @Test(arguments: [(0.0, "0"), (0.04, "0"), (-0.04, "0"), (0.26, ".3"), (-12.34, "-12.3"), (7, "7"), (-0.5, "-.5")])
    func numbersAreShort(_ value: Double, _ text: String) { #expect(SVGText.number(value) == text) }

    private func drawing() -> CoverageDrawing {
        var dots = RequestDots()
        for _ in 0..<2 { dots.add(.init(longitude: -97.5, latitude: 38.5), .accepted) }
        dots.add(.init(longitude: -97.5, latitude: 38.5), .declined)
        dots.add(nil, .open)
        return CoverageDrawing(
            title: "Who & what <covers>", subtitle: "v1",
            shadings: [Shading(name: "Relief \"A\" & Co", counties: ["20001": 1, "20003": 0.4])], requests: dots)
    }
}

/// An SVG document, taken apart.
private final class SVGDocument: NSObject, XMLParserDelegate {
    private(set) var elements: [String: Int] = [:]
    private(set) var texts: [String: [String]] = [:]
    private var open: [(name: String, text: String)] = []

    /// `nil` for what is not well-formed.
    init?(_ text: String) {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        guard parser.parse() else { return nil }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements[name, default: 0] += 1
        open.append((name, ""))
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) { open[open.count - 1].text += text }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
        let (name, text) = open.removeLast()
        texts[name, default: []].append(text)
    }
}
