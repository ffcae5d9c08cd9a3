/// Real cities with a ZIP of each, in all states, the District of Columbia and Puerto Rico.
struct MadeUpPlace: Sendable, Equatable {
    var city: String
    /// USPS code.
    var state: String
    /// Five digits.
    var zip: String

    static let all: [MadeUpPlace] = table.split(separator: "\n").map { line in
        let parts = line.split(separator: "|").map(String.init)
        return MadeUpPlace(city: parts[0], state: parts[1], zip: parts[2])
    }

    private static let table = """
        Birmingham|AL|35203
        Montgomery|AL|36104
        Mobile|AL|36602
        Wasilla|AK|99654
        Juneau|AK|99801
        Fairbanks|AK|99701
        Phoenix|AZ|85004
        Tucson|AZ|85701
        Flagstaff|AZ|86001
        Little Rock|AR|72201
        Fayetteville|AR|72701
        Los Angeles|CA|90012
        San Diego|CA|92101
        Sacramento|CA|95814
        Fresno|CA|93721
        Denver|CO|80202
        Pueblo|CO|81003
        Grand Junction|CO|81501
        Hartford|CT|06103
        New Haven|CT|06510
        Wilmington|DE|19801
        Dover|DE|19901
        Washington|DC|20001
        Miami|FL|33130
        Orlando|FL|32801
        Tampa|FL|33602
        Tallahassee|FL|32301
        Atlanta|GA|30303
        Savannah|GA|31401
        Columbus|GA|31901
        Kahului|HI|96732
        Hilo|HI|96720
        Nampa|ID|83651
        Idaho Falls|ID|83402
        Coeur d'Alene|ID|83814
        Chicago|IL|60602
        Springfield|IL|62701
        Peoria|IL|61602
        Indianapolis|IN|46204
        Fort Wayne|IN|46802
        Evansville|IN|47708
        Des Moines|IA|50309
        Cedar Rapids|IA|52401
        Wichita|KS|67202
        Topeka|KS|66603
        Louisville|KY|40202
        Bowling Green|KY|42101
        New Orleans|LA|70112
        Baton Rouge|LA|70802
        Shreveport|LA|71101
        Portland|ME|04101
        Bangor|ME|04401
        Baltimore|MD|21202
        Annapolis|MD|21401
        Boston|MA|02108
        Worcester|MA|01608
        Springfield|MA|01103
        Detroit|MI|48226
        Grand Rapids|MI|49503
        Marquette|MI|49855
        Minneapolis|MN|55401
        Duluth|MN|55802
        Jackson|MS|39201
        Gulfport|MS|39501
        Kansas City|MO|64106
        St. Louis|MO|63103
        Springfield|MO|65806
        Billings|MT|59101
        Missoula|MT|59802
        Omaha|NE|68102
        Lincoln|NE|68508
        Las Vegas|NV|89101
        Reno|NV|89501
        Manchester|NH|03101
        Concord|NH|03301
        Newark|NJ|07102
        Trenton|NJ|08608
        Albuquerque|NM|87102
        Santa Fe|NM|87501
        New York|NY|10007
        Buffalo|NY|14202
        Albany|NY|12207
        Charlotte|NC|28202
        Raleigh|NC|27601
        Asheville|NC|28801
        Fargo|ND|58102
        Bismarck|ND|58501
        Columbus|OH|43215
        Cleveland|OH|44114
        Cincinnati|OH|45202
        Oklahoma City|OK|73102
        Tulsa|OK|74103
        Portland|OR|97204
        Eugene|OR|97401
        Philadelphia|PA|19107
        Pittsburgh|PA|15219
        Erie|PA|16501
        San Juan|PR|00901
        Ponce|PR|00730
        Providence|RI|02903
        Charleston|SC|29401
        Columbia|SC|29201
        Sioux Falls|SD|57104
        Rapid City|SD|57701
        Chattanooga|TN|37402
        Memphis|TN|38103
        Knoxville|TN|37902
        Houston|TX|77002
        Dallas|TX|75201
        Austin|TX|78701
        San Antonio|TX|78205
        El Paso|TX|79901
        Lubbock|TX|79401
        Salt Lake City|UT|84111
        St. George|UT|84770
        Burlington|VT|05401
        Montpelier|VT|05602
        Richmond|VA|23219
        Norfolk|VA|23510
        Roanoke|VA|24011
        Seattle|WA|98104
        Spokane|WA|99201
        Yakima|WA|98901
        Charleston|WV|25301
        Huntington|WV|25701
        Milwaukee|WI|53202
        Madison|WI|53703
        Green Bay|WI|54301
        Cheyenne|WY|82001
        Casper|WY|82601
        """
}
