/// Numbers without a unit, which may be negative: `-12`, `10_000`, `0.5`.
enum NumberText {
    /// A whole number that is exact in JSON, up to ±9,000,000,000,000,000.
    /// - Parameter noun: what messages call it: `a start`.
    static func whole(_ text: String, _ noun: String) throws(Complaint) -> Int {
        guard let digits = plain(text), let number = Int(digits), number.magnitude <= 9_000_000_000_000_000 else {
            throw Complaint(
                .number, "`\(text.printable)` is no whole number up to 9 * 10^15, and \(noun) is one",
                remedy: "write one such as `10`")
        }
        return number
    }

    /// A finite decimal number.
    static func decimal(_ text: String, _ noun: String) throws(Complaint) -> Double {
        guard let number = decimal(text) else {
            throw Complaint(
                .number, "`\(text.printable)` is no number, and \(noun) is one", remedy: "write one such as `50`")
        }
        return number
    }

    static func decimal(_ text: String) -> Double? {
        guard let digits = plain(text), let number = Double(digits), number.isFinite else { return nil }
        return number
    }

    /// The number as JSON writes it: `_` is taken out where it stands between digits.
    private static func plain(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        func isDigit(_ index: Int) -> Bool {
            bytes.indices.contains(index) && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index])
        }
        for index in bytes.indices where bytes[index] == UInt8(ascii: "_") {
            guard isDigit(index - 1), isDigit(index + 1) else { return nil }
        }
        let digits = String(text.filter { $0 != "_" })
        return JSONText.isNumber(digits) ? digits : nil
    }
}
