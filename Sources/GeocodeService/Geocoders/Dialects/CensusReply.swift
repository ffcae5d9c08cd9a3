/// The part of the Census geocoder's JSON that is read here.
struct CensusReply: Decodable {
    var result: Result

    struct Result: Decodable {
        /// Empty when there is no such address. Absent from an answer to another kind of question.
        var addressMatches: [Match]
    }

    struct Match: Decodable {
        var coordinates: Point
        var matchedAddress: String?
        var addressComponents: Components?
        /// By the name of the layer; only where a vintage was asked for.
        var geographies: [String: [Geography]]?

        /// Five digits, or `nil`: state and county.
        var countyFIPS: String? {
            guard let county = geographies?["Counties"]?.first?.GEOID, county.utf8.count == 5,
                county.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            else { return nil }
            return county
        }
    }

    /// Degrees.
    struct Point: Decodable, Hashable {
        /// Longitude.
        var x: Double
        /// Latitude.
        var y: Double
    }

    struct Components: Decodable {
        var zip: String?
        var state: String?
    }

    struct Geography: Decodable {
        var GEOID: String?
    }
}

/// What comes with status 400.
struct CensusRefusal: Decodable {
    var errors: [String]
}
