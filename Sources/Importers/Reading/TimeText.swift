/// Times as files write them.
enum TimeText {
    /// `2009-07-24T19:20:30.45+01:00` in milliseconds since 1970; nil for anything else.
    static func iso8601(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)[...]
        guard bytes.count >= 19, bytes.count <= 40,
            let year = bytes[0..<4].smallNumber, bytes[4] == UInt8(ascii: "-"),
            let month = bytes[5..<7].smallNumber, bytes[7] == UInt8(ascii: "-"), let day = bytes[8..<10].smallNumber,
            bytes[10] == UInt8(ascii: "T") || bytes[10] == 0x20, let hour = bytes[11..<13].smallNumber,
            bytes[13] == UInt8(ascii: ":"), let minute = bytes[14..<16].smallNumber, bytes[16] == UInt8(ascii: ":"),
            let second = bytes[17..<19].smallNumber, let days = days(year, month, day), hour < 24, minute < 60,
            second <= 60
        else { return nil }
        var rest = bytes[19...]
        var milliseconds = 0
        if rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ",") {
            let digits = rest.dropFirst().prefix(while: \.isDigit)
            let three = (Array(digits.prefix(3)) + [0x30, 0x30, 0x30]).prefix(3)
            guard !digits.isEmpty, let value = ArraySlice(three).smallNumber else { return nil }
            milliseconds = value
            rest = rest[digits.endIndex...]
        }
        guard let zone = zone(rest) else { return nil }
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - zone
        return Int64(seconds) * 1_000 + Int64(milliseconds)
    }

    /// `+0100`, `-07:00`, `Z` or nothing, in seconds east of Greenwich.
    static func zone(_ text: ArraySlice<UInt8>) -> Int? {
        guard let sign = text.first else { return 0 }
        if text.count == 1, sign | 0x20 == UInt8(ascii: "z") { return 0 }
        let digits = ArraySlice(text.dropFirst().filter { $0 != UInt8(ascii: ":") })
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), digits.count == 4, let number = digits.smallNumber
        else { return nil }
        let seconds = number / 100 * 3_600 + number % 100 * 60
        return sign == UInt8(ascii: "-") ? -seconds : seconds
    }

    /// Days since 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil).
    static func days(_ year: Int, _ month: Int, _ day: Int) -> Int? {
        guard (1...9_999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
