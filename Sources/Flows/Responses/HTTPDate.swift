/// Dates of cookies: `Wed, 21 Oct 2026 07:28:00 GMT` and what servers make of it (RFC 6265, 5.1.1). Time zones are not
/// looked at: the RFC reads every date as UTC.
enum HTTPDate {
    /// Seconds since 1970; nil when the text is no date.
    static func seconds(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        var time: Int64?
        var day: Int64?
        var month: Int64?
        var year: Int64?
        var index = 0
        while index < text.count {
            let start = index
            while index < text.count, !isDelimiter(text[index]) { index += 1 }
            let token = UnsafeBufferPointer(rebasing: text[start..<index])
            index += 1
            if token.isEmpty { continue }
            // Each part is the first token that can be it, in this order.
            if time == nil, let found = timeOfDay(token) {
                time = found
            } else if day == nil, let found = number(token, digits: 1...2) {
                day = found
            } else if month == nil, let found = monthNumber(token) {
                month = found
            } else if year == nil, let found = number(token, digits: 2...4) {
                year = found
            }
        }
        guard let time, let day, let month, var year else { return nil }
        if (70...99).contains(year) { year += 1_900 } else if (0...69).contains(year) { year += 2_000 }
        guard (1...31).contains(day), year >= 1_601 else { return nil }
        return days(year: year, month: month, day: day) * 86_400 + time
    }

    /// Anything but digits, letters, `:` and bytes beyond ASCII.
    private static func isDelimiter(_ byte: UInt8) -> Bool {
        !(byte.isDigit || byte.isLetter || byte == UInt8(ascii: ":") || byte >= 0x7F || byte < 0x09)
    }

    /// The number that the token begins with; what follows it must be no digit.
    private static func number(_ token: UnsafeBufferPointer<UInt8>, digits: ClosedRange<Int>) -> Int64? {
        var count = 0
        while count < token.count, token[count].isDigit { count += 1 }
        return digits.contains(count) ? token.wholeNumber(0..<count) : nil
    }

    /// `7:28:00`, in seconds.
    private static func timeOfDay(_ token: UnsafeBufferPointer<UInt8>) -> Int64? {
        let first = token.first(UInt8(ascii: ":"), in: 0..<token.count)
        guard first < token.count else { return nil }
        let second = token.first(UInt8(ascii: ":"), in: (first + 1)..<token.count)
        guard second < token.count, (1...2).contains(first), (1...2).contains(second - first - 1),
            let hours = token.wholeNumber(0..<first), let minutes = token.wholeNumber((first + 1)..<second),
            let seconds = number(UnsafeBufferPointer(rebasing: token[(second + 1)...]), digits: 1...2),
            (0...23).contains(hours), (0...59).contains(minutes), (0...59).contains(seconds)
        else { return nil }
        return hours * 3_600 + minutes * 60 + seconds
    }

    private static func monthNumber(_ token: UnsafeBufferPointer<UInt8>) -> Int64? {
        let months: [StaticString] = [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ]
        return months.firstIndex { token.spells($0, at: 0) }.map { Int64($0 + 1) }
    }

    /// Days since 1970-01-01 in the Gregorian calendar, for years from 0 on: years begin in March, so that the leap day is
    /// their last one (Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`).
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
