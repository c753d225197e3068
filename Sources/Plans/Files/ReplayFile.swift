import Flows

/// The times of a replay: the column `at` of a CSV file, in whole nanoseconds.
struct ReplayFile: Sendable {
    /// The file, as the plan names it.
    let label: String
    /// Nanoseconds since the start; at least one, at least 0, ascending.
    let times: [Int64]

    /// The column with the times.
    static let column = "at"

    /// - Parameter bytes: the whole file, by the rules of files with data; columns besides `at` may stand in it.
    /// - Throws: what is wrong, with its line.
    init(_ bytes: consuming [UInt8], label: String) throws(DataError) {
        let table = try CSVReader.read(bytes, label: label)
        guard let column = table.column(named: Self.column) else {
            let names = table.columns.prefix(5).map { "`\($0.printable)`" }.joined(separator: ", ")
            throw DataError(
                "there is no column `\(Self.column)` with the times of the arrivals, only \(names)",
                remedy: "write one: seconds since the start, such as `0.25`", line: 1)
        }
        var times: [Int64] = []
        times.reserveCapacity(table.rowCount)
        var last: Int64 = 0
        for row in 0..<table.rowCount {
            let text = table.bytes(row: row, column: column)
            guard let time = DecimalSeconds.nanoseconds(text) else {
                throw Self.error(text, line: table.line(ofRow: row))
            }
            guard time >= last else {
                let before = table.bytes(row: row - 1, column: column)
                throw DataError(
                    "`\(Self.excerpt(text))` comes after `\(Self.excerpt(before))`, and the times of a replay must ascend",
                    remedy: "sort the rows by `\(Self.column)`", line: table.line(ofRow: row))
            }
            times.append(time)
            last = time
        }
        self.label = label
        self.times = times
    }

    private static func error(_ text: ArraySlice<UInt8>, line: Int?) -> DataError {
        guard text.first != UInt8(ascii: "-") else {
            return DataError(
                "`\(excerpt(text))` is negative, and a replay begins at 0",
                remedy: "count the seconds since the first arrival", line: line)
        }
        return DataError(
            text.isEmpty ? "the time is empty" : "`\(excerpt(text))` is no time in seconds",
            remedy: "write decimal digits, such as `12` or `0.25`", line: line)
    }

    private static func excerpt(_ text: ArraySlice<UInt8>) -> String {
        String(decoding: text, as: UTF8.self).printable
    }
}

/// Seconds in decimal digits to whole nanoseconds.
enum DecimalSeconds {
    /// `12`, `0.25`, `1.333333333`: exact up to nine decimals, and rounded to nearest beyond.
    ///
    /// - Returns: nil for anything but digits with at most one point between them. A time beyond 292 years is the longest one.
    static func nanoseconds(_ text: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        var isHuge = false
        var decimals: Int?
        var rounds = false
        for byte in text {
            if byte == UInt8(ascii: ".") {
                guard decimals == nil, byte != text.first else { return nil }
                decimals = 0
                continue
            }
            let digit = byte &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            if let count = decimals {
                decimals = count + 1
                if count == 9 { rounds = digit >= 5 }
                if count >= 9 { continue }
            }
            append(digit, to: &value, &isHuge)
        }
        guard let last = text.last, last != UInt8(ascii: ".") else { return nil }
        for _ in min(9, decimals ?? 0)..<9 { append(0, to: &value, &isHuge) }
        if isHuge || rounds && value == .max { return .max }
        return rounds ? value + 1 : value
    }

    private static func append(_ digit: UInt8, to value: inout Int64, _ isHuge: inout Bool) {
        let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, more) = tens.addingReportingOverflow(Int64(digit))
        if overflow || more { isHuge = true } else { value = sum }
    }
}
