/// The USPS codes of the 50 states, the District of Columbia, the territories, and the armed forces' mail (USPS
/// Publication 28, appendix B).
enum USPSState {
    static let codes: Set<String> = [
        "AK", "AL", "AR", "AZ", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "IA", "ID", "IL", "IN", "KS", "KY", "LA",
        "MA",
        "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR",
        "PA",
        "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VT", "WA", "WI", "WV", "WY",
        "DC",
        "AS", "GU", "MP", "PR", "VI",
        "AA", "AE", "AP",
    ]
}
