/// A row that was not taken, and why. Holds nothing of the row: it is somebody's address.
struct MalformedRow: Sendable, Equatable {
    enum Reason: String, Sendable, CaseIterable {
        case fields = "more fields than the header"
        case noFeature = "no GeoJSON feature"
        case afterQuote = "text behind a closing quote"
        case openQuote = "a quote that is never closed"
        case tooLong = "longer than 64 KiB: is a quote missing?"
        case notUTF8 = "not UTF-8"
        case noCoordinates = "no coordinates"
        case badCoordinates = "coordinates that are not numbers"
        case outside = "coordinates outside the United States"
        case noNumber = "no house number"
        case noStreet = "no street"
        case badZIP = "a ZIP that is none"
        case badState = "a state that is none"
        case noPlace = "no ZIP, no city, and none near it in the gazetteer"
    }

    var file: String
    var line: Int
    var reason: Reason
}
