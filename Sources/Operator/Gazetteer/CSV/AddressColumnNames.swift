import AddressTable

/// What columns and properties are called: by OpenAddresses and OpenStreetMap, by the National Address Database and
/// NENA's standards, by Esri's model, and in exports of states and counties. A shapefile keeps ten letters of a name.
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
                "hnumber", "san",
            ]
        ),
        (
            .numberPrefix,
            [
                "addnumpre", "addrnumpre", "addnumprefix", "addressnumberprefix", "numpre", "numprefix",
                "housenumberprefix", "hnp", "sap",
            ]
        ),
        (
            .numberSuffix,
            [
                "addnumsuf", "addrnumsuf", "addnumsuffix", "addressnumbersuffix", "addrsuf", "numsuf", "numsuffix",
                "numbersuffix", "housenumbersuffix", "housesuffix", "hsesuf", "hsesuffix", "stnumsuf",
                "stnumsuff", "hns", "sas",
            ]
        ),
        (
            .fullStreet,
            [
                "stnamfull", "stnamefull", "fullstreet", "fullstreetname", "streetfull", "streetnamefull", "stfullname",
                "fullstname", "stfull", "completestreetname", "streetnamecomplete", "fullname", "fullroadname",
                "primaryname",
            ]
        ),
        (
            .street,
            [
                "street", "addr:street", "streetname", "stname", "strname", "streetnm", "stnam", "roadname",
                "lststname",
                "lstname", "basename", "road",
                "stn", "sn",
            ]
        ),
        (.preModifier, ["stpremod", "streetnamepremodifier", "premod", "premodifier", "stpremodifier", "prm"]),
        (
            .preDirectional,
            [
                "stpredir", "predir", "predirection", "predirectional", "streetnamepredirectional", "prefixdir",
                "prefixdirection", "dirpre", "streetpredir", "streetprefix", "stprefix", "streetdir", "streetdirection",
                "stdir", "lstpredir", "prefix", "dir", "direction", "pre",
                "stprefixdir", "prd", "pd",
            ]
        ),
        (
            .preType,
            ["stpretyp", "stpretype", "pretype", "streetnamepretype", "streetpretype", "stprefixtype", "stp", "pt"]
        ),
        (.preSeparator, ["stpresep", "streetnamepretypeseparator", "presep"]),
        (
            .postType,
            [
                "stpostyp", "stposttype", "stpostype", "sttype", "sttyp", "strtype", "streettype", "streettyp",
                "streetsuffix", "stsuffix", "posttype", "postype", "streetnameposttype", "lsttype", "roadtype",
                "suffixtype",
                "suffix", "suf", "type",
                "sts", "st",
            ]
        ),
        (
            .postDirectional,
            [
                "stposdir", "stpostdir", "postdir", "posdir", "postdirection", "postdirectional",
                "streetnamepostdirectional", "sufdir", "suffdir", "suffixdir", "suffixdirection", "dirsuf",
                "streetpostdir",
                "streetsufdir", "streetsuffixdirection", "stsufdir", "lstposdir",
                "stsuffixdir", "pod", "sd",
            ]
        ),
        (
            .postModifier,
            ["stposmod", "stpostmod", "streetnamepostmodifier", "postmod", "postmodifier", "stpostmodifier", "pom"]
        ),
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
                "cityname", "citypostal", "town", "municipality", "incmuni", "msagcomm", "community", "muni",
                "townname", "pcn", "mcn",
            ]
        ),
        (.state, ["region", "state", "addr:state", "statecode", "stateabbr", "stateabbreviation", "usstate"]),
        (
            .zip,
            ["postcode", "zip", "zipcode", "zip5", "postalcode", "addr:postcode", "postalzip", "uspszip", "zipcode5"]
        ),
    ]

    private static let vague: Set = ["prefix", "dir", "direction", "pre", "suffix", "suf", "type"]

    /// Codes of two or three letters, and other names that mean parts of an address only beside each other: those of
    /// NENA's first standard, and Vermont's.
    private static let codes: Set = [
        "san", "hnp", "sap", "hns", "sas", "prm", "prd", "stp", "stn", "sts", "pod", "pom", "mcn", "pcn", "pd", "pt",
        "sn", "st", "sd", "primaryname",
    ]

    /// Whether a file that has these names has such codes.
    static func haveCodes(_ names: some Sequence<String>) -> Bool {
        let names = Set(names.map(plain))
        return names.contains("stn") && !names.isDisjoint(with: ["sts", "prd", "pod"])
            || names.contains("sn") && !names.isDisjoint(with: ["sd", "pd"])
    }

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

    /// What a column's name means.
    struct Known {
        var meaning: AddressColumns.Meaning
        /// How much it says: the lowest rank most.
        var rank: Int
        /// Whether other things have that name too: the column counts where it says what a street's part says.
        var isVague = false
        /// Whether it means that only where `haveCodes`.
        var isCode = false
    }

    /// `nil` for no name that is known.
    static func meaning(of name: String) -> Known? {
        let plain = plain(name)
        if let (meaning, rank) = byName[plain] {
            return Known(
                meaning: meaning, rank: rank, isVague: vague.contains(plain), isCode: codes.contains(plain))
        }
        // `ST_PREFIXD` was `ST_PREFIXDIR`.
        guard name.utf8.count == 10 else { return nil }
        let whole = byName.filter { $0.key.hasPrefix(plain) }.min { ($0.key.count, $0.key) < ($1.key.count, $1.key) }
        return whole.map { Known(meaning: $0.value.0, rank: $0.value.1, isVague: true) }
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
