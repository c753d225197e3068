/// Points of time as texts, from nanoseconds since 1970 in UTC, without leap seconds.
enum WallTime {
    /// RFC 3339 in UTC with milliseconds: `2026-03-01T12:30:00.250Z`.
    static func writeISO(_ nanoseconds: Int64, into output: inout [UInt8]) {
        let (days, rest) = floorDivide(nanoseconds, by: 86_400_000_000_000)
        let (year, month, day) = civil(days)
        let milliseconds = Int(rest / 1_000_000)
        DecimalText.append(year, digits: 4, to: &output)
        output.append(UInt8(ascii: "-"))
        DecimalText.append(month, digits: 2, to: &output)
        output.append(UInt8(ascii: "-"))
        DecimalText.append(day, digits: 2, to: &output)
        output.append(UInt8(ascii: "T"))
        DecimalText.append(milliseconds / 3_600_000, digits: 2, to: &output)
        output.append(UInt8(ascii: ":"))
        DecimalText.append(milliseconds / 60_000 % 60, digits: 2, to: &output)
        output.append(UInt8(ascii: ":"))
        DecimalText.append(milliseconds / 1000 % 60, digits: 2, to: &output)
        output.append(UInt8(ascii: "."))
        DecimalText.append(milliseconds % 1000, digits: 3, to: &output)
        output.append(UInt8(ascii: "Z"))
    }

    /// Quotient and remainder, the remainder never negative.
    static func floorDivide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// The date of a day, counted from 1970-01-01: `civil_from_days` of Howard Hinnant, "chrono-compatible low-level date
    /// algorithms". Eras of 400 years have 146,097 days; years begin in March, so that a leap day is a year's last.
    private static func civil(_ days: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let (era, dayOfEra) = floorDivide(shifted, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)), Int(month), Int(day))
    }
}
