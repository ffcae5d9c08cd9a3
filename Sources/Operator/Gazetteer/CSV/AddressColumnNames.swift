import AddressTable

/// What columns and properties are called: by OpenAddresses and OpenStreetMap, by the National Address Database and
/// NENA's standard, by Esri's model, and in exports of counties.
enum AddressColumnNames {
    /// Of each meaning, the name that says most first.
    private static let names: [(AddressColumns.Meaning, [String])] = [
        (.longitude, ["lon", "longitude", "lng", "long", "@lon", "addr:lon", "londd", "x", "pointx"]),
        (.latitude, ["lat", "latitude", "@lat", "addr:lat", "latdd", "y", "pointy"]),
        (
            .number,
            [
                "addnofull", "addrnofull", "number", "housenumber", "addr:housenumber", "addrnum", "addressnumber",
                "addnumber", "addrnumber", "addressnum", "addressno", "addrno", "addno", "addnum", "houseno",
                "housenum",
                "hsenum", "hseno", "hnum", "hno", "streetnumber", "streetno", "streetnum", "strnum", "strno",
                "stnumber",
                "stnum", "stno",
            ]
        ),
        (.numberPrefix, ["addnumpre", "addrnumpre", "addnumprefix", "addressnumberprefix", "numpre", "numprefix"]),
        (
            .numberSuffix,
            [
                "addnumsuf", "addrnumsuf", "addnumsuffix", "addressnumbersuffix", "addrsuf", "numsuf", "numsuffix",
                "numbersuffix", "housenumbersuffix", "housesuffix", "hsesuf", "hsesuffix", "stnumsuf",
            ]
        ),
        (
            .fullStreet,
            [
                "stnamfull", "stnamefull", "fullstreet", "fullstreetname", "streetfull", "streetnamefull", "stfullname",
                "fullstname", "stfull", "completestreetname", "streetnamecomplete", "fullname", "fullroadname",
            ]
        ),
        (
            .street,
            [
                "street", "addr:street", "streetname", "stname", "strname", "streetnm", "stnam", "roadname",
                "lststname",
                "lstname", "basename", "road",
            ]
        ),
        (.preModifier, ["stpremod", "streetnamepremodifier", "premod", "premodifier"]),
        (
            .preDirectional,
            [
                "stpredir", "predir", "predirection", "predirectional", "streetnamepredirectional", "prefixdir",
                "prefixdirection", "dirpre", "streetpredir", "streetprefix", "stprefix", "streetdir", "streetdirection",
                "stdir", "lstpredir", "prefix", "dir", "direction", "pre",
            ]
        ),
        (.preType, ["stpretyp", "stpretype", "pretype", "streetnamepretype", "streetpretype"]),
        (.preSeparator, ["stpresep", "streetnamepretypeseparator", "presep"]),
        (
            .postType,
            [
                "stpostyp", "stposttype", "stpostype", "sttype", "sttyp", "strtype", "streettype", "streettyp",
                "streetsuffix", "stsuffix", "posttype", "postype", "streetnameposttype", "lsttype", "roadtype",
                "suffixtype",
                "suffix", "suf", "type",
            ]
        ),
        (
            .postDirectional,
            [
                "stposdir", "stpostdir", "postdir", "posdir", "postdirection", "postdirectional",
                "streetnamepostdirectional", "sufdir", "suffdir", "suffixdir", "suffixdirection", "dirsuf",
                "streetpostdir",
                "streetsufdir", "streetsuffixdirection", "stsufdir", "lstposdir",
            ]
        ),
        (.postModifier, ["stposmod", "stpostmod", "streetnamepostmodifier", "postmod", "postmodifier"]),
        (
            .line,
            [
                "address", "fulladdress", "fulladdr", "addrfull", "addr:full", "streetaddress", "siteaddress",
                "siteaddr",
                "addressfull", "address1", "addressline1",
            ]
        ),
        (
            .city,
            [
                "city", "addr:city", "postcity", "postalcity", "postcomm", "postalcommunity", "postaladdresscity",
                "uspscity",
                "cityname", "town", "municipality", "incmuni", "msagcomm", "community", "muni",
            ]
        ),
        (.state, ["region", "state", "addr:state", "statecode", "stateabbr", "stateabbreviation", "usstate"]),
        (
            .zip,
            ["postcode", "zip", "zipcode", "zip5", "postalcode", "addr:postcode", "postalzip", "uspszip", "zipcode5"]
        ),
    ]

    /// Names that other things have too: such a column counts where it says what a street's part says.
    static let vague: Set = ["prefix", "dir", "direction", "pre", "suffix", "suf", "type"]

    private static let byName: [String: (AddressColumns.Meaning, Int)] = {
        var table: [String: (AddressColumns.Meaning, Int)] = [:]
        for (meaning, names) in names {
            for (rank, name) in names.enumerated() { table[name] = (meaning, rank) }
        }
        return table
    }()

    /// The names that `GeoJSONReader` gives to its columns: one for each meaning, in their order.
    static let standard = names.map { $0.1[0] }

    static func plain(_ name: String) -> String {
        name.lowercased().filter { !$0.isWhitespace && $0 != "_" && $0 != "-" }
    }

    /// What a name means, and how much it says: the lowest rank most. `nil` for none that is known.
    static func meaning(plain name: String) -> (AddressColumns.Meaning, rank: Int)? {
        byName[name].map { ($0.0, $0.1) }
    }

    /// Whether a column with a vague name says what a part of a street's says.
    static func isUnderstood(_ value: String, _ meaning: AddressColumns.Meaning) -> Bool {
        switch meaning {
        case .preDirectional, .postDirectional: StreetParts.isDirectional(value)
        case .postType: StreetParts.isType(value)
        default: true
        }
    }
}
