/// The kinds of streets, each in the one way to write it (USPS Publication 28, appendix C1).
enum StreetSuffix {
    /// The standard abbreviation of a suffix, however it is written; `nil` for a word that is none.
    static func standard(_ word: String) -> String? { standards[word] }

    /// What abbreviations may mean that the appendix does not have, but towns' files and people do; the likeliest
    /// first.
    private static let unclear: [String: [String]] = [
        "TR": ["TRL", "TRCE", "TER"], "CR": ["CIR", "CRES", "CRK", "CT"], "LA": ["LN"], "BL": ["BLVD"],
        "PK": ["PARK", "PIKE", "PKWY"], "CI": ["CIR"], "CL": ["CIR"], "TE": ["TER"], "TC": ["TER"], "TCE": ["TER"],
        "HY": ["HWY"], "PW": ["PKWY"], "PKW": ["PKWY"], "WK": ["WALK"], "GR": ["GRV", "GRN"],
        "PY": ["PKWY"], "EX": ["EXPY", "EXT"],
    ]

    /// How a table's suffix fits another that was asked for, where one of the two is an unclear abbreviation.
    static func fit(asked: String, _ row: String) -> StreetName.Fit? {
        for (short, long) in [(asked, row), (row, asked)] {
            if let index = unclear[short]?.firstIndex(of: long) { return index == 0 ? .sure(1) : .unsure }
        }
        return nil
    }

    /// The word that an abbreviation stands for: `LK` → `LAKE`. The appendix gives a plural and its singular, or two
    /// words, one abbreviation in a few cases; in a name they are two. `nil` for a word that is no suffix.
    static func long(_ word: String) -> String? { plurals.contains(word) ? word : longs[word] }

    /// Those that are hardly ever a word of a name. Not `HWY` and `RD`, which roads that are called by a number have in
    /// front.
    static let closing: Set = [
        "ST", "AVE", "BLVD", "DR", "LN", "CT", "PL", "WAY", "TER", "CIR", "PKWY", "TRL", "SQ",
    ]
    static let usual = closing.union(["RD", "HWY", "FWY", "EXPY", "TPKE", "LOOP"])

    private static let plurals: Set = [
        "PARKS", "WALKS", "SPURS", "LOOPS", "PATHS", "PIKES", "TRAILS", "TRACES", "LANES", "ISLES", "HOLLOWS",
        "FORESTS",
        "TRACKS", "TUNNELS", "PARKWAYS", "RANCHES", "TRAILERS", "HEIGHT", "EXPRESS", "VIA",
    ]

    private static let longs: [String: String] = {
        var table: [String: String] = [:]
        for line in lines.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            // `PARK PRK PARKS`: some are not shortened.
            let isWhole = words.count == 1 || words[1].count < words[0].count || words[1] == words[0] + "S"
            for word in words { table[word] = isWhole ? words[0] : words[1] }
        }
        return table
    }()

    private static let standards: [String: String] = {
        var table: [String: String] = [:]
        for line in lines.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            for word in words { table[word] = words[0] }
        }
        for word in unclear.keys where table[word] == nil { table[word] = word }
        return table
    }()

    /// The standard form first, then the others.
    private static let lines = """
        ALY ALLEY ALLEE ALLY
        ANX ANNEX ANEX ANNX
        ARC ARCADE
        AVE AVENUE AV AVEN AVENU AVN AVNUE
        BYU BAYOU BAYOO
        BCH BEACH
        BND BEND
        BLF BLUFF BLUF
        BLFS BLUFFS
        BTM BOTTOM BOT BOTTM
        BLVD BOULEVARD BOUL BOULV BLV BVD BOULEVAR
        BR BRANCH BRNCH
        BRG BRIDGE BRDGE
        BRK BROOK
        BRKS BROOKS
        BG BURG
        BGS BURGS
        BYP BYPASS BYPA BYPAS BYPS
        CP CAMP CMP
        CYN CANYON CANYN CNYN
        CPE CAPE
        CSWY CAUSEWAY CAUSWA CAUSWAY
        CTR CENTER CEN CENT CENTR CENTRE CNTER CNTR
        CTRS CENTERS
        CIR CIRCLE CIRC CIRCL CRCL CRCLE
        CIRS CIRCLES
        CLF CLIFF
        CLFS CLIFFS
        CLB CLUB
        CMN COMMON
        CMNS COMMONS
        COR CORNER
        CORS CORNERS
        CRSE COURSE
        CT COURT CRT
        CTS COURTS
        CV COVE
        CVS COVES
        CRK CREEK
        CRES CRESCENT CRSENT CRSNT CRECENT CRESENT
        CRST CREST
        XING CROSSING CRSSNG
        XRD CROSSROAD
        XRDS CROSSROADS
        CURV CURVE
        DL DALE
        DM DAM
        DV DIVIDE DIV DVD
        DR DRIVE DRIV DRV
        DRS DRIVES
        EST ESTATE
        ESTS ESTATES
        EXPY EXPRESSWAY EXP EXPR EXPRESS EXPW EXPWY EXWY
        EXT EXTENSION EXTN EXTNSN EXTD EXTENDED
        EXTS EXTENSIONS
        FALL
        FLS FALLS
        FRY FERRY FRRY
        FLD FIELD
        FLDS FIELDS
        FLT FLAT
        FLTS FLATS
        FRD FORD
        FRDS FORDS
        FRST FOREST FORESTS
        FRG FORGE FORG
        FRGS FORGES
        FRK FORK
        FRKS FORKS
        FT FORT FRT
        FWY FREEWAY FREEWY FRWAY FRWY
        GDN GARDEN GARDN GRDEN GRDN
        GDNS GARDENS GRDNS
        GTWY GATEWAY GATEWY GATWAY GTWAY
        GLN GLEN
        GLNS GLENS
        GRN GREEN
        GRNS GREENS
        GRV GROVE GROV
        GRVS GROVES
        HBR HARBOR HARB HARBR HRBOR HARBOUR
        HBRS HARBORS
        HVN HAVEN
        HTS HEIGHTS HT HGTS HEIGHT
        HWY HIGHWAY HIGHWY HIWAY HIWY HWAY
        HL HILL
        HLS HILLS
        HOLW HOLLOW HLLW HOLLOWS HOLWS
        INLT INLET
        IS ISLAND ISLND
        ISS ISLANDS ISLNDS
        ISLE ISLES
        JCT JUNCTION JCTION JCTN JUNCTN JUNCTON
        JCTS JUNCTIONS JCTNS
        KY KEY
        KYS KEYS
        KNL KNOLL KNOL
        KNLS KNOLLS
        LK LAKE
        LKS LAKES
        LAND
        LNDG LANDING LNDNG
        LN LANE LANES
        LGT LIGHT
        LGTS LIGHTS
        LF LOAF
        LCK LOCK
        LCKS LOCKS
        LDG LODGE LDGE LODG
        LOOP LOOPS LP
        MALL
        MNR MANOR
        MNRS MANORS
        MDW MEADOW
        MDWS MEADOWS MEDOWS
        MEWS
        ML MILL
        MLS MILLS
        MSN MISSION MISSN MSSN
        MTWY MOTORWAY
        MT MOUNT MNT
        MTN MOUNTAIN MNTAIN MNTN MOUNTIN MTIN
        MTNS MOUNTAINS MNTNS
        NCK NECK
        ORCH ORCHARD ORCHRD
        OVAL OVL
        OPAS OVERPASS
        PARK PRK PARKS
        PKWY PARKWAY PARKWY PKWAY PKY PKWYS PARKWAYS
        PASS
        PSGE PASSAGE
        PATH PATHS
        PIKE PIKES PKE
        PNE PINE
        PNES PINES
        PL PLACE
        PLN PLAIN
        PLNS PLAINS
        PLZ PLAZA PLZA
        PT POINT
        PTS POINTS
        PRT PORT
        PRTS PORTS
        PR PRAIRIE PRR
        RADL RADIAL RAD RADIEL
        RAMP
        RNCH RANCH RANCHES RNCHS
        RPD RAPID
        RPDS RAPIDS
        RST REST
        RDG RIDGE RDGE
        RDGS RIDGES
        RIV RIVER RVR RIVR
        RD ROAD
        RDS ROADS
        RTE ROUTE RT
        ROW
        RUE
        RUN
        SHL SHOAL
        SHLS SHOALS
        SHR SHORE SHOAR
        SHRS SHORES SHOARS
        SKWY SKYWAY
        SPG SPRING SPNG SPRNG
        SPGS SPRINGS SPNGS SPRNGS
        SPUR SPURS
        SQ SQUARE SQR SQRE SQU
        SQS SQUARES SQRS
        STA STATION STATN STN
        STRA STRAVENUE STRAV STRAVEN STRAVN STRVN STRVNUE
        STRM STREAM STREME
        ST STREET STR STRT STREE
        STS STREETS
        SMT SUMMIT SUMIT SUMITT
        TER TERRACE TERR
        TRWY THROUGHWAY
        TRCE TRACE TRACES
        TRAK TRACK TRACKS TRK TRKS
        TRFY TRAFFICWAY
        TRL TRAIL TRAILS TRLS
        TRLR TRAILER TRLRS
        TUNL TUNNEL TUNEL TUNLS TUNNELS TUNNL
        TPKE TURNPIKE TRNPK TURNPK TPK TNPK
        UPAS UNDERPASS
        UN UNION
        UNS UNIONS
        VLY VALLEY VALLY VLLY
        VLYS VALLEYS
        VIA VIADUCT VDCT VIADCT
        VW VIEW
        VWS VIEWS
        VLG VILLAGE VILL VILLAG VILLG VILLIAGE
        VLGS VILLAGES
        VL VILLE
        VIS VISTA VIST VST VSTA
        WALK WALKS
        WALL
        WAY WY
        WAYS
        WL WELL
        WLS WELLS
        """
}
