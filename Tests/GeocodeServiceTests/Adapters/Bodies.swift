import Contracts

@testable import GeocodeService

/// What the services answer, in the words of their documentation.
enum Bodies {
    static func found(_ kind: GeocoderEntry.Kind) -> String {
        switch kind {
        case .census: census()
        case .nominatim: nominatim()
        case .pelias: pelias()
        case .google: google()
        case .addresses: ""
        }
    }

    static func noMatch(_ kind: GeocoderEntry.Kind) -> String {
        switch kind {
        case .census: #"{"result":{"input":{},"addressMatches":[]}}"#
        case .nominatim: "[]"
        case .pelias: #"{"type":"FeatureCollection","geocoding":{"version":"0.2"},"features":[]}"#
        case .google: #"{"status":"ZERO_RESULTS","results":[]}"#
        case .addresses: ""
        }
    }

    static func census(
        zip: String = "77002", x: String = "-95.3694", y: String = "29.7601", county: String = "48201",
        second: String = ""
    ) -> String {
        """
        {"result":{"input":{"benchmark":{"id":"4"}},"addressMatches":[\(second){
          "matchedAddress":"901 BAGBY ST, HOUSTON, TX, \(zip)","coordinates":{"x":\(x),"y":\(y)},
          "tigerLine":{"side":"L","tigerLineId":"1"},
          "addressComponents":{"zip":"\(zip)","city":"HOUSTON","state":"TX","fromAddress":"901","toAddress":"999"},
          "geographies":{"States":[{"GEOID":"48","NAME":"Texas"}],
            "Counties":[{"GEOID":"\(county)","STATE":"48","COUNTY":"201","NAME":"Harris County","AREALAND":4421113519}]}
        }]}}
        """
    }

    static func nominatim(
        category: String = "building", type: String = "yes", osm: String = "way", rank: String = "30",
        number: String? = "901", lat: String = "\"29.7601\"", address: String = #""ISO3166-2-lvl4":"US-TX","#,
        country: String = "us", licence: String = "Data © OpenStreetMap contributors, ODbL 1.0."
    ) -> String {
        """
        [{"place_id":1,"licence":"\(licence)","osm_type":"\(osm)","osm_id":2,"lat":\(lat),"lon":"-95.3694",
          "category":"\(category)","type":"\(type)","place_rank":\(rank),"importance":0.0001,"addresstype":"building",
          "display_name":"901, Bagby Street, Houston, Texas, 77002, United States",
          "address":{\(number.map { "\"house_number\":\"\($0)\"," } ?? "")"road":"Bagby Street","city":"Houston",
            \(address)"postcode":"77002","country":"United States","country_code":"\(country)"},
          "boundingbox":["29","30","-96","-95"]}]
        """
    }

    static func pelias(
        layer: String = "address", number: String? = "901", match: String = "exact", accuracy: String = "point",
        region: String = "TX", country: String = "USA", coordinates: String = "-95.3694,29.7601"
    ) -> String {
        """
        {"type":"FeatureCollection","geocoding":{"version":"0.2"},"features":[{"type":"Feature",
          "geometry":{"type":"Point","coordinates":[\(coordinates)]},
          "properties":{"layer":"\(layer)",\(number.map { "\"housenumber\":\"\($0)\"," } ?? "")"street":"Bagby Street",
            "confidence":0.83,"match_type":"\(match)","accuracy":"\(accuracy)","region_a":"\(region)",
            "region":"Texas","country_a":"\(country)","label":"901 Bagby Street, Houston, TX, USA"}}]}
        """
    }

    static func google(
        location: String = "ROOFTOP", types: String = #""street_address""#, number: String? = "901",
        country: String = "US", state: String = "TX", lat: String = "29.7601", more: String = "", next: String = ""
    ) -> String {
        let house = number.map { #"{"long_name":"\#($0)","short_name":"\#($0)","types":["street_number"]},"# } ?? ""
        return """
            {"status":"OK","results":[{"place_id":"x",\(more)"types":[\(types)],
              "formatted_address":"901 Bagby St, Houston, TX 77002, USA",
              "address_components":[\(house)
                {"long_name":"Texas","short_name":"\(state)","types":["administrative_area_level_1","political"]},
                {"long_name":"Country","short_name":"\(country)","types":["country","political"]}],
              "geometry":{"location":{"lat":\(lat),"lng":-95.3694},"location_type":"\(location)","viewport":{}}
            }\(next)]}
            """
    }
}
