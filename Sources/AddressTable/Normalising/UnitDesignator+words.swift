/// The words that units are called by, and how sure each is one.
extension UnitDesignator {
    /// Words that are hardly ever a street's: whatever follows belongs to the unit.
    static let sure: Set = [
        "APT", "APTS", "APARTMENT", "APARTMENTS", "APPT", "APMT", "APTMT", "BLDG", "BLDNG", "BLD", "BLG", "BUILDING",
        "DEPT", "DEPARTMENT", "FL", "FLOOR", "FLR", "RM", "ROOM", "STE", "SUITE", "SUIT", "UNIT", "UNT", "UN", "PMB",
        "APART", "APRT", "APTO", "DEPTO", "MAILBOX", "MAILSTOP", "CONDO", "DORM", "LEVEL", "LVL", "NUM", "NBR",
        "NUMBER", "NO", "POBOX", "POB", "SUITES", "STES", "UNITS", "ROOMS", "RMS", "FLOORS", "BLDGS", "BUILDINGS",
    ]
    /// Words that streets have in their names too: a unit's only where nothing follows but its number.
    static let perhaps: Set = [
        "HNGR", "HANGAR", "KEY", "LOT", "LT", "PIER", "SLIP", "SPC", "SPACE", "SP", "STOP", "TRLR", "TRAILER", "BOX",
        "BX", "PH", "PENTHOUSE", "OFC", "OFFICE", "BSMT", "BASEMENT", "LBBY", "LOBBY", "REAR", "FRNT", "FRONT", "SIDE",
        "UPPR", "UPPER", "LOWR", "LOWER", "TOWER", "TWR", "WING", "CABIN", "COTTAGE", "COTT", "SITE", "STALL", "BAY",
        "DOCK", "BERTH", "GATE", "DOOR", "VILLA", "FLAT", "STUDIO", "LOFT", "HOUSE", "HSE", "CTG", "AP", "SU", "MS",
        "PHASE", "ENTRANCE", "TOWNHOUSE", "TOWNHOME", "TWNHSE", "CASITA", "PAD", "BARN", "POD", "QTRS", "BLK", "LOTS",
        "BLOCK", "STORE", "KIOSK",
    ]
    /// Of all these and of those that stand alone or say which side, words that names of streets end in.
    static let names: Set = [
        "KEY", "PIER", "STOP", "TOWER", "TWR", "WING", "CABIN", "COTTAGE", "COTT", "CTG", "SITE", "BAY", "DOCK", "FLAT",
        "BERTH", "GATE", "DOOR", "VILLA", "HOUSE", "HSE", "PHASE", "ENTRANCE", "PAD", "BARN", "BLOCK", "BLK", "HANGAR",
        "UPPER", "LOWER", "BACK", "LEFT", "RIGHT", "MIDDLE", "GARAGE", "ATTIC", "UP", "DOWN", "LOBBY", "SIDE",
        "OFFICE", "STUDIO", "LOFT", "FRONT",
    ]
    /// Behind a whole street only: `TH 4` alone is a township's road.
    static let behindStreet: Set = [
        "TH", "TOWNHOMES", "COTTAGES", "LPH", "U", "LL", "TRL", "MH", "RV", "ENT", "MSC", "M/S", "BACK", "ADU", "UPR",
        "LWR",
    ]
    static let aloneBehindStreet: Set = [
        "GUESTHOUSE", "CASITA", "LL", "BACK", "ADU", "UPR", "LWR", "SPACE", "STORE", "KIOSK",
    ]
    /// `Carriage House`, `Guest House`, `East Tower`: a house or a part of one, by its name.
    static let whichHouse: Set = [
        "CARRIAGE", "COACH", "GUEST", "POOL", "MAIN", "BACK", "FRONT", "REAR", "TINY", "GARDEN", "GARAGE",
    ]
    static let houses: Set = ["HOUSE", "HSE", "COTTAGE", "CABIN", "CASITA", "BARN", "STUDIO"]
    static let parts: Set = ["TOWER", "TWR", "WING", "BLDG", "BUILDING", "ENTRANCE"]
    static let alone: Set = [
        "BSMT", "BASEMENT", "FRNT", "FRONT", "LBBY", "LOBBY", "LOWR", "LOWER", "OFC", "OFFICE", "PH", "PENTHOUSE",
        "REAR", "SIDE", "UPPR", "UPPER", "UPSTAIRS", "DOWNSTAIRS", "UPSTRS", "ATTIC", "GARAGE", "MEZZANINE", "MEZZ",
        "LEFT", "RIGHT", "UP", "DOWN", "DN", "APT", "UNIT", "STE", "SUITE", "BLDG", "TRLR", "STUDIO",
    ]
    /// `16th Floor`, `Ground Fl`, `Lower Level`, `Rear Unit`
    static let floors: Set = ["FL", "FLOOR", "FLR", "FLOORS", "LEVEL", "LVL", "STORY", "FLAT"]
    static let whichFloor: Set = [
        "GROUND", "GND", "G", "MAIN", "TOP", "UPPER", "LOWER", "GARDEN", "STREET", "MEZZANINE", "UPPR", "LOWR", "GRD",
        "GRND", "BOTTOM", "ENTIRE", "WHOLE",
    ]
    static let sides: Set = [
        "REAR", "FRONT", "FRNT", "UPPER", "UPPR", "LOWER", "LOWR", "SIDE", "BACK", "BASEMENT",
        "BSMT", "LEFT", "RIGHT", "MIDDLE", "DOWNSTAIRS", "UPSTAIRS", "GARAGE", "ATTIC", "UPR", "LWR",
    ]
    /// Those that no street is called by: `123 Rear Main St`.
    static let sidesInFront: Set = [
        "REAR", "FRNT", "UPPR", "LOWR", "UPR", "LWR", "BSMT", "BASEMENT", "DOWNSTAIRS", "UPSTAIRS",
    ]
    static let dwellings: Set = ["APT", "APARTMENT", "UNIT", "HOUSE", "BLDG", "BUILDING", "STE", "SUITE"]
    /// Designators that are written together with their number: `Apt4`, `STE-100`.
    static let glued: Set = [
        "APT", "APARTMENT", "STE", "SUITE", "UNIT", "BLDG", "BUILDING", "RM", "ROOM", "FL", "FLOOR", "FLR", "LOT",
        "SPC", "SPACE", "TRLR", "PH", "PMB", "POBOX", "BOX", "NO", "DEPT", "UN", "SP", "SLIP", "LVL", "LEVEL",
    ]
}
