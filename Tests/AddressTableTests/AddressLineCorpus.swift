/// Addresses as tables have them, and the ways in which people write each.
///
/// A row is a house number, a street, a city, a state and a ZIP, as columns of a file; the lines below it are all to
/// find that house, and no other.
enum AddressLineCorpus {
    struct House {
        var number: String
        var street: String
        var city: String
        var state: String
        var zip: String
        var lines: [String] = []
    }

    static let houses: [House] = {
        var houses: [House] = []
        for line in text.split(separator: "\n").map(String.init) {
            if line.hasPrefix("  ") {
                houses[houses.count - 1].lines.append(String(line.dropFirst(2)))
            } else {
                let parts = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
                houses.append(House(number: parts[0], street: parts[1], city: parts[2], state: parts[3], zip: parts[4]))
            }
        }
        return houses
    }()

    private static let text = """
        901|BAGBY ST|HOUSTON|TX|77002
          901 Bagby St
          Jane Smith 901 Bagby St
          Smith Realty Group 901 Bagby St Suite 210
          dr. j. smith, md 901 bagby street
          Acme Supply Attn Jane Smith 901 BAGBY ST STE 1800
          Level 3 Hall of Records 901 Bagby St
          City Hall-901 Bagby St
          14th floor hall of records 901 Bagby St
          Smith Co 10th Floor 901 Bagby St
          Attn: Smith 3 Fl 901 Bagby St
          One Cedar Center 901 Bagby St, Suite 500
          1 Cedar Ctr 901 Bagby St
          30 Cedar Plaza, Suite 7, 901 Bagby St
          lt42 901 Bagby St
          901 Bagby St The Garrison
          901 Bagby St Oak Flats
          901 Bagby St Oak Grove Apartments Apt 4
          901 Bagby St Bagby Square
          901 Bagby St Cedar Tower Lobby
          901 Bagby St Lockbox 4410
          901 Bagby St client code 28502
          901 Bagby St LH
          901 Bagby St Rt 10
          901 Bagby St / Route 7A
          901 Bagby St RR 2 Box 15
          901 Bagby St Cedarville TX 77002
          901 Bagby St Store 12
          901 Bagby St STORE#591
          901 Bagby St Kiosk 3
          901 Bagby St Space
          901 Bagby St No B2
          901 Bagby St 4 N
          901 Bagby St St 1400
          901 Bagby Stree
          901 bagby street
          901 BAGBY STREET
          901 Bagby
          901 Bagby St.
          901  Bagby   Str
          0901 Bagby St
          901, Bagby St
          901 Bagby St Apt 4
          901 Bagby St, Apt 4
          901 Bagby St Apt. #4
          901 Bagby St Apt#4
          901 Bagby St Apt4
          901 Bagby St Apt-4
          901 Bagby St APT 4-B
          901 Bagby St Apartment 12C
          901 Bagby St Appt 3
          901 Bagby St Suite100
          901 Bagby St Suite 100
          901 Bagby St Ste-100
          901 Bagby St STE100
          901 Bagby St Ste. 100A
          901 Bagby St, Suite One
          901 Bagby St Unit B
          901 Bagby St UnitB4
          901 Bagby St Unit #B
          901 Bagby St # 4
          901 Bagby St #4
          901 Bagby St #4B
          901 Bagby St, #12-C
          901 Bagby St No. 4
          901 Bagby St Number 4
          901 Bagby St Rm 210
          901 Bagby St Room 210
          901 Bagby St Fl 2
          901 Bagby St Floor 2
          901 Bagby St 2nd Floor
          901 Bagby St, 16th Floor
          901 Bagby St 16th Fl
          901 Bagby St Second Floor
          901 Bagby St, Ground Floor
          901 Bagby St Lower Level
          901 Bagby St Bldg 5
          901 Bagby St Building C Apt 12
          901 Bagby St Bldg C, Unit 12
          901 Bagby St Dept 7
          901 Bagby St Lot 12
          901 Bagby St Spc 4
          901 Bagby St Space 4
          901 Bagby St Trlr 6
          901 Bagby St Slip 9
          901 Bagby St Pier 9
          901 Bagby St Hngr 2
          901 Bagby St Stop 12
          901 Bagby St Key 3
          901 Bagby St Rear
          901 Bagby St Frnt
          901 Bagby St Lowr
          901 Bagby St Upper
          901 Bagby St Bsmt
          901 Bagby St Basement
          901 Bagby St Basement Apt
          901 Bagby St Rear Apt
          901 Bagby St Lbby
          901 Bagby St Ofc
          901 Bagby St Ofc 3
          901 Bagby St Side
          901 Bagby St PH
          901 Bagby St PH 2
          901 Bagby St PH2
          901 Bagby St Penthouse
          901 Bagby St Penthouse 2
          901 Bagby St, 12C
          901 Bagby St, B
          901 Bagby St 12C
          901 Bagby St - 12C
          901 Bagby St-12C
          901 Bagby St, 12
          901 Bagby St B
          901 Bagby St (rear)
          901 Bagby St [Apt 4]
          901 Bagby St; Apt 4
          Apt 4, 901 Bagby St
          Apt 4 901 Bagby St
          #4, 901 Bagby St
          #4 901 Bagby St
          Unit 12 901 Bagby St
          Suite 100, 901 Bagby St
          Rear 901 Bagby St
          #901 Bagby St
          No. 901 Bagby St
          901 Apt 4 Bagby St
          901 #4 Bagby St
          901 Bagby Street, Houston
          901 Bagby Street Houston
          901 Bagby Street, Houston, TX
          901 Bagby Street, Houston, TX 77002
          901 Bagby Street Houston TX 77002
          901 Bagby Street Houston Texas
          901 Bagby St Houston Texas 77002-1234
          901 Bagby St 77002
          901 Bagby St TX 77002
          901 Bagby St Apt 4 Houston TX 77002
          901 Bagby St Houston TX 77002 USA
          901 Bagby St Houston USA
          901 Bagby St Houston TX Apt 4
          901 Bagby St Houston Texas 77002 #4
          901 Bagby St Apt 2nd Floor
          901 Bagby St Apt Main
          901 Bagby St Apt ABC
          901 Bagby St Apart 4
          901 Bagby St Aprt 4
          901 Bagby St Apto 4
          901 Bagby St Depto 4
          901 Bagby St U 4
          901 Bagby St upr
          901 Bagby St lwr
          901 Bagby St LL
          901 Bagby St back
          901 Bagby St in back
          901 Bagby St left side
          901 Bagby St ADU
          901 Bagby St Trl 6
          901 Bagby St MH 6
          901 Bagby St Mobile Home 6
          901 Bagby St RV 12
          901 Bagby St Lots 4-5
          901 Bagby St Ent 2
          901 Bagby St Private Mailbox 12
          901 Bagby St M/S 4
          901 Bagby St MSC 12
          901 Bagby St 4 Bldg 2
          901 Bagby St % Smith
          901 # B, Bagby St
          Apt 4/901 Bagby St
          4/901 Bagby St
          House 901 Bagby St
          Num 901 Bagby St
          No. 901 Bagby St, 2nd Floor
          901 Bagby, Houston
          901 Bagby Houston
          901 Bagby Houston TX
          City Hall, 901 Bagby St
          12 Oaks Apartments, 901 Bagby St
          c/o Smith, 901 Bagby St
          Attn: Desk 901 Bagby St
          901 Bagby St, Legacy Tower
          901 Bagby St PMB 12
          901 Bagby St PO Box 12
          901 Bagby St, P.O. Box 12
          PO Box 12, 901 Bagby St
          PO Box 12 901 Bagby St
          901Bagby St
          901.0 Bagby St
          ９０１ Bagby St
          901\u{00A0}Bagby\u{00A0}St
          901 Bag\u{200B}by St
          901 Bagby St Suites 100-102
          901 Bagby St, Units 4-6
          901 Bagby St Apt A/B
          901 Bagby St Ste. C-D
          901 Bagby St Mail Stop 4
          901 Bagby St, Mail Code 4B
          901 Bagby St-Unit 4
          901 Bagby St/Apt 4
          901 Bagby Street-Suite 200
          901 Bagby St Fl. 4th
          901 Bagby St, Floor 2nd
          901 Bagby St Twenty-third Floor
          901 Bagby St Twenty third Floor
          901 Bagby St 23 rd Floor
          901 Bagby St, 2 nd Fl
          901 Bagby St 2d Floor
          901 Bagby St 3d Fl
          901 Bagby St Unit One-A
          901 Bagby St Suite Two-B
          901 Bagby St Apt East
          901 Bagby St Unit North
          901 Bagby St PHB
          901 Bagby St PH-B
          901 Bagby St LPH
          901 Bagby St TH 4
          901 Bagby St Townhome 4
          901 Bagby St Pad 4
          901 Bagby St Carriage House
          901 Bagby St Guest House
          901 Bagby St, Pool House
          901 Bagby St Coach House
          901 Bagby St East Tower
          901 Bagby St East Tower Apt 12
          901 Bagby St Tower East
          901 Bagby St Apt South East
          901 Bagby St Guesthouse
          901 Bagby St Attic Apt
          901 Bagby St Gnd Floor
          901 Bagby St, North Wing
          901 Bagby St West Bldg
          Bldg 4 Apt 2 901 Bagby St
          Unit 4, Rm 2 901 Bagby St
          901 Bagby St Houston TEXAS UNITED STATES
          901 Bagby St Houston TX 77002 United States of America
          901 Bagby St Houston Texas USA
          901 Bagby St Houston Harris County TX
          901 Bagby St, Houston Harris County Texas 77002
          901 Bagby St Apt 4 Houston Harris County TX 77002-1234
        123|MAIN ST|HOUSTON|TX|77003
          123 Main Street 4B
          123 Main St, Apt. 4B, Houston TX
        1600|PENNSYLVANIA AVE NW|WASHINGTON|DC|20500
          1600 Pennsylvania Avenue NW
          1600 Pennsylvania Ave, NW
          1600 Pennsylvania Ave. N.W.
          1600 Pennsylvania Avenue Northwest
          1600 Pennsylvania Ave North West
          1600 Pennsylvania Ave NW Washington DC
          1600 Pennsylvania Ave NW, Washington, D.C. 20500
          1600 Pennsylvania Ave NW Apt 4
          1600 Pennsylvania Ave NW 4B
          1600 Pennsylvania Ave NW #4
          1600 Pennsylvania Ave
        160|GULPH RD|SMALLTOWN|KY|42001
          160 Gulph Rd-Suite 2033
          160 Gulph Road-Apt4
          160 Gulph Rd - Ste 4
        3340|ORCHARD RD NE|SMALLTOWN|KY|42001
          3340 Orchard Rd., N.E. Cedar Tower, Ste. 1685
          3340 Orchard Rd NE Cedar Place Ste 1685
          3340 orchard road, ne 41 sw
          3340 Orchard Rd, NE, Suite 7
        3340|ORCHARD RD|SMALLTOWN|KY|42001
          3340 Orchard Rd
          3340 Orchard Rd, Cedar Tower
        13|ORCHARD RD N|SMALLTOWN|KY|42001
          13 Orchard Rd, N Smalltown KY
          13 Orchard Rd, N. Smalltown
        13|ORCHARD RD|SMALLTOWN|KY|42001
          13 Orchard Rd, Smalltown KY
          13 Orchard Rd, North Smalltown
          13 Orchard Rd, So. Smalltown KY
        14|US HIGHWAY 130 N|SMALLTOWN|NJ|08077
          14 US Highway 130 N
          14 U.S. Highway No. 130 North
        15|US HIGHWAY NO 131 N|SMALLTOWN|NJ|08077
          15 U.S. Highway No. 131 North
          15 US 131 N
        11500|HOLLOWAY TPKE|SMALLTOWN|KY|42001
          11500 Holloway Turn Pike
          11500 Holloway Tnpk
        11501|HOLLOWAY PIKE|SMALLTOWN|KY|42001
          11501 Holloway Pke
        6611|S LAMAR EXPY|AUSTIN|TX|78749
          6611 S. Lamar Expwy Bldg A Unit 100
          6611 South Lamar Exwy
          6611 S Lamar Expwy-Space288
        3203|13TH AVE S|SMALLTOWN|ND|58103
          3203-13th Ave S
          3203-13th Avenue South, Suite 4
        2461|E MAIN ST|SPOKANE|WA|99201
          East 2461 Main St
          E 2461 Main Street
        250|BROADWAY|NEW YORK|NY|10007
          250 Broadway
          250 Broadway, 16th Floor
          250 Broadway 16th Floor
          250 Broadway Fl 16
          250 Broadway 4B
          250 Broadway, New York
          250 Broadway New York NY 10007
          250 Broadway Apt4
        4922 B|S CORNELL AVE|CHICAGO|IL|60615
          4922 B South Cornell Avenue
          4922B S Cornell Ave
          4922-B S. Cornell Ave.
          4922 B S Cornell
        4924|S CORNELL AVE|CHICAGO|IL|60615
          4924 South Cornell Avenue
          4924 Cornell Ave S
          4924 Cornell Avenue
          4924 So. Cornell Av
        1413|STATE HIGHWAY 50|SMALLTOWN|KY|42001
          1413 State Highway #50
          1413 State Highway # 50
          1413 State Hwy No. 50
          1413 State Hwy 50
          1413 State Route 50
          1413 State Rte 50
          1413 State Rt 50
          1413 St Rt 50
          1413 St. Rte. 50
          1413 SR 50
          1413 SR-50
          1413 S.R. 50
          1413 SH 50
          1413 KY 50
          1413 KY-50
          1413 KY Hwy 50
          1413 KY Route 50
          1413 Kentucky Highway 50
          1413 Kentucky 50
          1413 Hwy 50
          1413 Highway 50
          1413 Route 50
          1413 Rt 50
          1413 Rte. #50
          1413 State Road 50
          1413 State Rd 50
          1413 Highway 50 Lot 4
          1413 State Hwy 50, Smalltown KY
        1101|US HIGHWAY 130 N|SMALLTOWN|NJ|8077
          1101 US Highway 130 N
          1101 US Hwy 130 North
          1101 US-130 N
          1101 US 130 N
          1101 U.S. 130 N
          1101 U.S. Route 130 North
          1101 U S Hwy 130 N
          1101 N US Highway 130
          1101 Route 130 N
          1101 Rt. 130 North
          1101 Hwy 130 N
          1101 US Highway 130
          1101 US Hwy #130 N
        28|TOWNSHIP ROAD 281|SMALLTOWN|OH|45638
          28 Township Road 281
          28 Township Rd 281
          28 Twp Rd 281
          28 TWP RD. 281
          28 TR 281
          28 T-281
          28 Twp. Rd. #281
          28 Road 281
        241C|TOWNSHIP RD 1430|SMALLTOWN|OH|45638
          241C Township Road 1430
          241-C Township Rd 1430
          241 C Township Rd 1430
          241 C TR 1430
        812|COUNTY RD 12|SMALLTOWN|AL|36532
          812 County Road 12
          812 CR 12
          812 CR-12
          812 C.R. 12
          812 Co Rd 12
          812 Co. Road 12
          812 Cnty Rd 12
          812 Cty Rd 12
          812 County Rd. #12
          812 County Road No. 12
          812 County Hwy 12
          812 Road 12
          812 County 12
          812 CR12
          812 County Road 012
        4520|FM 1960 RD W|HUMBLE|TX|77338
          4520 FM 1960 Rd W
          4520 FM 1960 W
          4520 F.M. 1960 West
          4520 FM-1960 W
          4520 Farm to Market 1960 W
          4520 Farm to Market Road 1960 West
          4520 Farm To Market Rd 1960 W
          4520 W FM 1960
          4520 FM 1960
          4520 FM1960 W
        7700|US HWY 290 W|AUSTIN|TX|78736
          7700 US Highway 290 W
          7700 W US Hwy 290
          7700 US 290 West
          7700 W. Highway 290
          7700 Hwy 290 W
        300|RANCH RD 620 S|AUSTIN|TX|78734
          300 RR 620 S
          300 Ranch Road 620 South
          300 RM 620 S
          300 Ranch to Market Rd 620 S
          300 RR-620 S
        9000|LOOP 410|SAN ANTONIO|TX|78216
          9000 Loop 410
          9000 Loop 410 Ste 5
        15|INTERSTATE 45 N|CONROE|TX|77304
          15 Interstate 45 N
          15 I-45 N
          15 I 45 North
          15 IH 45 N
          15 N Interstate 45
          15 Interstate Hwy 45 N
        77|COUNTY ROAD N|SMALLTOWN|WI|53590
          77 County Road N
          77 CTH N
          77 County Hwy N
          77 County Trunk N
          77 Cty Rd N
          77 County Trunk Highway N
        78|COUNTY ROAD KK|SMALLTOWN|WI|53590
          78 County Road KK
          78 Cty Hwy KK
          78 CTH KK
          78 County KK
        55|HIGHWAY K|OFALLON|MO|63366
          55 Highway K
          55 State Hwy K
          55 Hwy K
          55 Route K
          55 MO-K
        61|OLD HIGHWAY 6|SMALLTOWN|TX|77868
          61 Old Highway 6
          61 Old Hwy 6
          61 Old Hwy. #6
        1234|COUNTY ROAD 12A|SMALLTOWN|KY|42001
          1234 CR 12-A
          1234 CR 12A
          1234 County Rd. 12 A
          1234 County Road 12-A
          1234 Co Rd 12 A Lot 3
        181|STATE ROUTE 19A|SMALLTOWN|NY|14530
          181 SR 19-A
          181 NY-19A
          181 NY 19 A
          181 Route 19 A
          181 Rte. 19-A
          181 State Route 19 A
        153|INTERSTATE 10 FRONTAGE RD|SMALLTOWN|TX|78624
          153 I-10 Frontage Rd
          153 IH 10 Frontage Road
          153 I 10 Frtg Rd
          153 Interstate Hwy 10 Frontage Rd
          153 I-10 Frontage Rd Ste 3
        154|US HIGHWAY 290 SERVICE RD|SMALLTOWN|TX|78624
          154 US 290 Service Rd
          154 US-290 Svc Road
        147|INTERSTATE 70 BUSINESS LOOP W|GRAND JUNCTION|CO|81501
          147 I-70 Business Loop W
          147 I-70 Bus Loop W
          147 I 70 Business Loop West
          147 Business Loop I-70 W
        157|US HIGHWAY 6 & 50|GRAND JUNCTION|CO|81505
          157 US Highway 6 & 50
          157 US Hwy 6 and 50
          157 US 6 & 50
          157 Highway 6 & 50
          157 U.S. Hwy 6 + 50
        185|FM 2920|SPRING|TX|77388
          185 F M 2920
          185 F. M. 2920
          185 F M Road 2920
          185 FM 2920 Rd
        186|STATE ROUTE 52|SMALLTOWN|OH|45638
          186 S R 52
          186 S. R. 52
          186 S H 52
        187|COUNTY ROAD 53|SMALLTOWN|OH|45638
          187 C R 53
          187 C. R. 53
        200|E 2100 S|SALT LAKE CITY|UT|84115
          200 E 2100 S
          200 E 21st South
          200 East 21st S
          200 E Twenty First South
        201|S 900 E|SALT LAKE CITY|UT|84102
          201 South 9th East
          201 S Ninth East
        191|1/2 MILE RD|SMALLTOWN|MI|48067
          191 1/2 Mile Rd
          191 ½ Mile Road
        192|7 1/2 MILE RD|SMALLTOWN|MI|48067
          192 7 1/2 Mile Rd
          192 7½ Mile Road
        191|CALLE 3 SE|SAN JUAN|PR|00921
          191 C/3 SE
          191 Calle 3 SE
        193|CALLE 8|SAN JUAN|PR|00921
          193 C/8
          193 C/ 8
        522|DR MARTIN LUTHER KING JR DR|WINSTON SALEM|NC|27101
          522 Dr. MLK Dr
          522 MLK Jr Dr
          522 Dr MLK Jr Drive
        1234A-B|ELM ST|SMALLTOWN|KY|42001
          1234 A-B Elm St
          1234A-B Elm Street
          1234A Elm St
          1234B Elm St
          1234-B Elm St
        63|US HIGHWAY 6 BYPASS|SMALLTOWN|TX|77868
          63 US Hwy 6 Byp
          63 US 6 Bypass
          63 Hwy 6 Bypass
        64|US HIGHWAY 77 BUSINESS|SMALLTOWN|TX|77868
          64 US Hwy 77 Bus
          64 Business US 77
          64 US 77 Business
        12|ROAD 64|PASCO|WA|99301
          12 Road 64
          12 Rd 64
          12 Rd. 64 Apt 3
        4|N AVENUE 64|LOS ANGELES|CA|90042
          4 N Avenue 64
          4 North Ave 64
        3490|PERU W SECTION LINE RD|SMALLTOWN|OH|44847
          3490 Peru West Section Line Rd
          3490 Peru W Section Line Road
          3490 Peru W. Section Line
          3490 Peru West Sec Line Rd
        8911|LESOURDSVILLE W CHESTER RD|SMALLTOWN|OH|45069
          8911 Lesourdsville West Chester Rd
          8911 Lesourdsville-West Chester Road
          8911 LeSourdsville W. Chester Rd.
        14723|MOULTON FT AMANDA RD|SMALLTOWN|OH|45895
          14723 Moulton Fort Amanda Rd
          14723 Moulton-Ft. Amanda Road
          14723 Moulton Ft Amanda
        3550|BIG RUN SOUTH RD|SMALLTOWN|OH|43123
          3550 Big Run S Rd
          3550 Big Run South Road
          3550 Big Run Rd S
          3550 Big Run South
        4810|CRYSTAL LAKE RD|SMALLTOWN|OH|45000
          4810 Crystal Lake Road
          4810 Crystal Lk Rd
          4810 Crystal Lake
          4810 Crystal Lake Rd Lot 4
        55|CAMP RD|SMALLTOWN|OH|45000
          55 Camp Road
          55 Camp Rd.
        1502|AVENUE N 1/2|GALVESTON|TX|77550
          1502 Avenue N 1/2
          1502 Ave N 1/2
          1502 Avenue N½
          1502 Ave N1/2
        1504|AVENUE N|GALVESTON|TX|77550
          1504 Avenue N
          1504 Ave N
          1504 Ave. N
        1506|AVENUE D|GALVESTON|TX|77550
          1506 Avenue D
          1506 Ave D
          1506 Ave. D Apt 4
          1506 Avenue D #2
        12|05TH AVE|SMALLTOWN|OH|45001
          12 5th Ave
          12 Fifth Avenue
          12 5 Ave
          12 5th Av
        40|21ST ST|SMALLTOWN|OH|45001
          40 21st St
          40 Twenty-First St
          40 Twenty First Street
          40 21 St
          40 21th St
        41|W 110TH ST|SMALLTOWN|OH|45001
          41 West 110th Street
          41 W One Hundred Tenth St
          41 W One Hundred and Tenth Street
        101|MAPLE ST|SMALLTOWN|KY|42001
          101/103 Maple St
          101-103 Maple St
          101 - 103 Maple St
          101 & 103 Maple St
          101 and 103 Maple Street
          101–103 Maple St
        901-905|OAK ST|SMALLTOWN|KY|42001
          901 Oak St
          903 Oak St
          905 Oak Street
          901-905 Oak St
          901-5 Oak St
          901 - 905 Oak St
        12-14|ELM ST|BOSTON|MA|02129
          12 Elm St
          14 Elm Street
          12-14 Elm St
          12/14 Elm St
          12 to 14 Elm St
        123 1/2|ELM ST|BOSTON|MA|02129
          123 1/2 Elm St
          123½ Elm St
          123-1/2 Elm St
          123.5 Elm St
          1231/2 Elm St
        125A|ELM ST|BOSTON|MA|02129
          125A Elm St
          125-A Elm St
          125 A Elm St
          125a Elm Street Apt 2
        29W991|EMERALD GREEN DR|WARRENVILLE|IL|60555
          29W991 Emerald Green Dr
          29w991 Emerald Green Drive
          29 W 991 Emerald Green Dr
          29W991 Emerald Grn Dr Unit A
        5N123|ROHLWING RD|ITASCA|IL|60143
          5N123 Rohlwing Rd
          5n123 Rohlwing Road
        2S045|HOY AVE|WARRENVILLE|IL|60555
          2S045 Hoy Ave
          2S045 Hoy Avenue
        N57W27841|WALNUT ST|SUSSEX|WI|53089
          N57W27841 Walnut St
          N57 W27841 Walnut St
          N57W 27841 Walnut St
          N 57 W 27841 Walnut Street
          n57w27841 Walnut
          N57-W27841 Walnut St
        W204N11912|GOLDENDALE RD|GERMANTOWN|WI|53022
          W204N11912 Goldendale Rd
          W204 N11912 Goldendale Road
          W204 N 11912 Goldendale Rd
        W3985|COUNTY ROAD K|SMALLTOWN|WI|53590
          W3985 County Road K
          W3985 CTH K
          W 3985 County Rd K
        30-56|STEINWAY ST|ASTORIA|NY|11103
          30-56 Steinway St
          3056 Steinway St
          30-56 Steinway Street Apt 2
          30 - 56 Steinway St
        80-02|KEW GARDENS RD|KEW GARDENS|NY|11415
          80-02 Kew Gardens Rd
          8002 Kew Gardens Road
          80-02 Kew Gdns Rd
        147-45|CHARTER RD|JAMAICA|NY|11435
          147-45 Charter Rd
          14745 Charter Rd
        94-1234|FARRINGTON HWY|WAIPAHU|HI|96797
          94-1234 Farrington Hwy
          941234 Farrington Highway
          94 1234 Farrington Hwy
        91-101|FORT WEAVER RD|EWA BEACH|HI|96706
          91-101 Fort Weaver Rd
          91-101 Ft Weaver Road
          91101 Ft. Weaver Rd
        12-20|SADDLE RIVER RD|FAIR LAWN|NJ|07410
          12-20 Saddle River Rd
          1220 Saddle River Road
        950|N 400 E|PROVO|UT|84606
          950 N 400 E
          950 North 400 East
          950 N. 400 E.
          950 N 400 E Apt 3
          950 N 400 E #3
          950 N 400 E, Provo
          950 N 400 E Provo UT 84606
          950 400 E
        951|E 400 N|PROVO|UT|84606
          951 E 400 N
          951 East 400 North
        500|S STATE ST|PROVO|UT|84606
          500 South State Street
          500 S State
          500 State St
        10|SAINT PAUL AVE|SMALLTOWN|MN|55001
          10 St Paul Ave
          10 St. Paul Avenue
          10 Saint Paul Ave
        11|MT VERNON RD|SMALLTOWN|MN|55001
          11 Mount Vernon Rd
          11 Mt. Vernon Road
          11 Mt Vernon
        13|FORT WORTH BLVD|SMALLTOWN|MN|55001
          13 Ft Worth Blvd
          13 Ft. Worth Boulevard
        14|OBRIEN CT|SMALLTOWN|MN|55001
          14 O'Brien Ct
          14 O’Brien Court
          14 O Brien Ct
          14 OBrien Court
        15|MCDONALD LN|SMALLTOWN|MN|55001
          15 McDonald Ln
          15 Mc Donald Lane
        16|LAKE SHORE DR|SMALLTOWN|MN|55001
          16 Lakeshore Dr
          16 Lake Shore Drive
          16 Lk Shore Dr
        17|LA SALLE AVE|SMALLTOWN|MN|55001
          17 LaSalle Ave
          17 La Salle Avenue
          17 Lasalle
        18|CANADA LN|SMALLTOWN|NM|87001
          18 Cañada Ln
          18 CAÑADA Lane
        19|CALLE DE LOS SUEÑOS|SMALLTOWN|NM|87001
          19 Calle de los Suenos
          19 CALLE DE LOS SUEÑOS
          19 Cll de los Sueños
        20|CAMINO REAL|SMALLTOWN|NM|87001
          20 Camino Real
          20 Cam Real
          20 Cmno Real Unit 2
        21|VIA DEL SOL|SMALLTOWN|NM|87001
          21 Via del Sol
          21 Vía del Sol
        22|PASEO DEL NORTE NE|SMALLTOWN|NM|87001
          22 Paseo del Norte NE
          22 Paseo Del Norte Northeast
          22 Paseo Del Norte
          22 Pso del Norte NE
        23|AVENIDA CESAR CHAVEZ|SMALLTOWN|NM|87001
          23 Avenida César Chávez
          23 Ave Cesar Chavez
          23 Avda. Cesar Chavez
        24|AVENUE OF THE AMERICAS|NEW YORK|NY|10013
          24 Avenue of the Americas
          24 Ave of the Americas
          24 Ave. of the Americas, Floor 3
          24 Av Of The Americas
        25|DR MARTIN LUTHER KING JR BLVD|SMALLTOWN|GA|30301
          25 Martin Luther King Blvd
          25 Martin Luther King Jr Blvd
          25 Martin Luther King, Jr. Blvd
          25 MLK Blvd
          25 M.L.K. Jr Blvd
          25 M L King Blvd
          25 ML King Jr. Boulevard
          25 Dr MLK Jr Blvd
          25 Dr. M.L. King Jr Blvd
          25 Doctor Martin Luther King Junior Boulevard
          25 Rev Dr Martin Luther King Blvd
          25 Martin L King Jr Blvd
        26|MARTIN LUTHER KING DR|SMALLTOWN|GA|30301
          26 Martin Luther King Jr Dr
          26 MLK Drive
        27|JOHN F KENNEDY BLVD|SMALLTOWN|GA|30301
          27 JFK Blvd
          27 John F. Kennedy Boulevard
          27 J F Kennedy Blvd
        28|INTERNATIONAL PKWY|SMALLTOWN|GA|30301
          28 Intl Pkwy
          28 Int'l Parkway
          28 International Pkwy
        29|NINE MILE RD|SMALLTOWN|MI|48067
          29 9 Mile Rd
          29 Nine Mile Road
        30|COUNTY LINE RD|SMALLTOWN|MI|48067
          30 County Line Rd
          30 Co Line Rd
          30 Countyline Road
        31|WINSTON SALEM PKWY|SMALLTOWN|NC|27101
          31 Winston-Salem Pkwy
          31 Winston Salem Parkway
        32|PARK PLACE DR|SMALLTOWN|NC|27101
          32 Park Pl Dr
          32 Park Place Drive
        33|N E ST|SAN BERNARDINO|CA|92401
          33 N E St
          33 North E Street
          33 N. "E" St
        34|KEY WEST AVE|SMALLTOWN|FL|33040
          34 Key West Ave
          34 Key West Avenue
        35|FRONT ST|SMALLTOWN|FL|33040
          35 Front St
          35 Front Street
          35 Front
        36|OLD PIER RD|SMALLTOWN|FL|33040
          36 Old Pier Rd
          36 Old Pier Road Lot 5
        37|NORTH ST|SMALLTOWN|FL|33040
          37 North St
          37 North Street
        38|MAIN STREET EXT|SMALLTOWN|FL|33040
          38 Main Street Ext
          38 Main St Extension
          38 Main St. Ext.
        39|THE ALAMEDA|SAN JOSE|CA|95126
          39 The Alameda
          39 Alameda
        42|W END AVE|NEW YORK|NY|10023
          42 West End Ave
          42 W. End Avenue Apt 5B
        43|BOX CANYON RD|SMALLTOWN|CO|81427
          43 Box Canyon Rd
          43 Box Canyon Road
        44|SPACE CENTER BLVD|HOUSTON|TX|77058
          44 Space Center Blvd
          44 Space Ctr Blvd Ste 5
        45|SUITE RD|SMALLTOWN|CO|81427
          45 Suite Rd
        46|E MAIN ST|SMALLTOWN|CT|06405
          46 East Main St
          46 E. Main St
          46 E Main St Smalltown CT
          46 E Main St CT
          46 E Main St, CT
          46 E Main St CT 06405
        47|SMALLTOWN RD|SMALLTOWN|CT|06405
          47 Smalltown Rd
          47 Smalltown Road Smalltown CT
        48|HOUSTON AVE|HOUSTON|TX|77009
          48 Houston Ave
          48 Houston Avenue Houston TX
          48 Houston
        49|NEW YORK AVE|NEW YORK|NY|11210
          49 New York Ave
          49 New York Ave New York NY
        ONE|MARKET ST|SMALLTOWN|PA|17101
          1 Market St
          One Market Street
        51|FOREST SERVICE RD 123|SMALLTOWN|CO|81427
          51 Forest Service Road 123
          51 FS Rd 123
          51 FSR 123
          51 Forest Road 123
        52|PRIVATE RD 1234|SMALLTOWN|TX|75501
          52 Private Road 1234
          52 PR 1234
          52 Pvt Rd 1234
        53|INDIAN RTE 5|SMALLTOWN|AZ|86503
          53 Indian Route 5
        54|US HWY 1|SMALLTOWN|ME|04001
          54 US Route 1
          54 US-1
          54 US Rte 1
          54 Route 1
          54 U.S. Rt. 1
        56|BLUE RIDGE PKWY|SMALLTOWN|NC|28607
          56 Blue Ridge Pkwy
          56 Blue Ridge Parkway
          56 Blueridge Pky
        57|OAK HILL CIR|SMALLTOWN|NC|28607
          57 Oak Hill Circle
          57 Oakhill Cir.
          57 Oak Hl Cir
        58|PINE HOLLOW|SMALLTOWN|NC|28607
          58 Pine Hollow
          58 Pine Holw
        59|TURKEY CREEK|SMALLTOWN|NC|28607
          59 Turkey Creek
          59 Turkey Crk
        60|EL CAMINO REAL|PALO ALTO|CA|94306
          60 El Camino Real
        62|CARRETERA 107|AGUADILLA|PR|00603
          62 Carr 107
          62 Carretera 107
          62 Carr. PR-107
          62 PR-107
        65|CALLE LUNA|SAN JUAN|PR|00901
          65 Calle Luna
          65 Calle Luna, Viejo San Juan
          65 Calle Luna Apt 2
        150|CALLE FLAMBOYAN|SAN JUAN|PR|00926
          150 Calle Flamboyán
          150 C. Flamboyan
          Urb Los Jardines 150 Calle Flamboyan
          150 Calle Flamboyan Urb Los Jardines
          Calle Flamboyan #150
          Calle Flamboyán 150
          Calle Flamboyan Núm. 150 Apt 2
          Urb. Los Jardines, 150 Calle Flamboyan Apto 301
        1234|AVE PONCE DE LEON|SAN JUAN|PR|00926
          Condominio El Centro 1234 Ave Ponce de Leon Apto 301
          1234 Ponce de Leon Ave
          Ave. Ponce de Leon 1234
        A5|CALLE 3|SAN JUAN|PR|00926
          A-5 Calle 3
          Urb. Villa Nevarez A-5 Calle 3
          Calle 3 A5
          Calle 3 #A-5
        1000|CALLE LOIZA|SAN JUAN|PR|00926
          1000 Loiza St
          1000 Loíza Street
        55|WATER ST|NEW YORK|NY|10041
          Fifty-Five Water Street
          Fifty Five Water St
        30|ROCKEFELLER PLZ|NEW YORK|NY|10112
          Thirty Rockefeller Plaza
        28W600|ROOSEVELT RD|WARRENVILLE|IL|60555
          28W 600 Roosevelt Rd
          28W-600 Roosevelt Road
          28 W600 Roosevelt
        144|KY HIGHWAY 144|SMALLTOWN|KY|42001
          144 Kentucky State Route 144
          144 KY State Hwy 144
          144 State Route 144
        132|STATE ROAD A1A|SMALLTOWN|FL|33040
          132 SR A1A
          132 Highway A1A
          132 FL-A1A
        66|CALLE 5|SAN JUAN|PR|00901
          66 Calle 5
          Urb Las Gladiolas, 66 Calle 5
        67|COUNTY ROAD 500 W|SMALLTOWN|IN|46077
          67 County Road 500 W
          67 CR 500 W
          67 W County Road 500
        70|OAK TRL|SMALLTOWN|TX|75080
          70 Oak Trail
          70 Oak Tr
          70 Oak
        71|ELM CR|SMALLTOWN|TX|75080
          71 Elm Circle
          71 Elm Cir
          71 Elm Cr
        72|PINE BL|SMALLTOWN|TX|75080
          72 Pine Blvd
        73|ROUTE 9W|SMALLTOWN|NY|10901
          73 Route 9W
          73 US Route 9W
          73 Rte 9 W
          73 Hwy 9-W
        B12|CALLE 5|SAN JUAN|PR|00901
          B12 Calle 5
          B-12 Calle 5
          Urb Las Gladiolas, B12 Calle 5
        74|TOWNSHIP LINE RD|SMALLTOWN|PA|19001
          74 Township Line Rd
          74 Twp Line Rd
          74 Twp. Line Road
        75|E COUNTY RD 12 N|SMALLTOWN|IN|46077
          75 E County Road 12 N
          75 East CR 12 North
        76|BLVD OF THE ALLIES|PITTSBURGH|PA|15219
          76 Boulevard of the Allies
          76 Blvd Of The Allies Ste 3
        79|MOUNTAIN VIEW AVE|SMALLTOWN|PA|19001
          79 Mtn View Ave
          79 Mountain Vw Ave
          79 Mtn. Vw. Av.
        80|S DE SOTO ST|SMALLTOWN|PA|19001
          80 South Desoto St
          80 S DeSoto Street
          80 De Soto
        68|RAILROAD AVE|SMALLTOWN|IN|46077
          68 RR Ave
          68 Railroad Ave
        69|PRES GEORGE BUSH HWY|SMALLTOWN|TX|75080
          69 President George Bush Hwy
          69 Pres. George Bush Highway
        """
}
