/// One line of an access log, common or combined, with any fields before the time and after the request:
/// `203.0.113.7 - - [10/Oct/2000:13:55:36 -0700] "GET /a.gif HTTP/1.0" 200 2326`.
struct AccessLogLine {
    /// Seconds since 1970.
    let time: Int64
    /// Where the method stands in the line's bytes.
    let method: ArraySlice<UInt8>
    /// The request's target, with the log's escapes.
    let target: ArraySlice<UInt8>
    /// Nil where the log does not have one behind the request.
    let status: Int?

    /// Nil for anything that is no such line.
    init?(_ line: ArraySlice<UInt8>) {
        guard let (time, afterTime) = Self.time(in: line) else { return nil }
        self.time = time
        guard let open = line[afterTime...].firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        var close = open + 1
        while close < line.endIndex, line[close] != UInt8(ascii: "\"") {
            close += line[close] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard close < line.endIndex else { return nil }
        let words = line[(open + 1)..<close].split(separator: 0x20)
        guard (2...3).contains(words.count), words[0].count <= 32, words[0].allSatisfy({ (0x41...0x5A).contains($0) })
        else { return nil }
        if words.count == 3, !words[2].starts(with: "HTTP/") { return nil }
        method = words[0]
        target = words[1]
        let after = line[(close + 1)...].split(separator: 0x20, maxSplits: 1).first
        status = after.flatMap { $0.count == 3 ? $0.smallNumber : nil }
    }

    /// The first bracket that holds a time, and where it ends.
    private static func time(in line: ArraySlice<UInt8>) -> (Int64, Int)? {
        var from = line.startIndex
        while let open = line[from...].firstIndex(of: UInt8(ascii: "[")) {
            if let close = line[open...].prefix(40).firstIndex(of: UInt8(ascii: "]")),
                let time = seconds(line[(open + 1)..<close])
            {
                return (time, close + 1)
            }
            from = open + 1
        }
        return nil
    }

    /// `10/Oct/2000:13:55:36 -0700`, fractions of a second left out.
    private static func seconds(_ text: ArraySlice<UInt8>) -> Int64? {
        let start = text.startIndex
        guard text.count >= 20, let day = text[start..<(start + 2)].smallNumber,
            let month = months.firstIndex(of: Array(text[(start + 3)..<(start + 6)])),
            let year = text[(start + 7)..<(start + 11)].smallNumber,
            let hour = text[(start + 12)..<(start + 14)].smallNumber,
            let minute = text[(start + 15)..<(start + 17)].smallNumber,
            let second = text[(start + 18)..<(start + 20)].smallNumber, hour < 24, minute < 60, second <= 60,
            text[start + 2] == UInt8(ascii: "/"), text[start + 11] == UInt8(ascii: ":"),
            let days = TimeText.days(year, month + 1, day)
        else { return nil }
        let rest = text[(start + 20)...].drop { $0 != 0x20 }.drop { $0 == 0x20 }
        guard let zone = TimeText.zone(rest) else { return nil }
        return Int64(days * 86_400 + hour * 3_600 + minute * 60 + second - zone)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ].map { Array($0.utf8) }

    /// The bytes behind the escapes of nginx and Apache: `\x22`, `\"`, `\\`.
    static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
        guard text.contains(UInt8(ascii: "\\")) else { return Array(text) }
        var bytes: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            let rest = text.endIndex - index
            if text[index] == UInt8(ascii: "\\"), rest >= 2 {
                if rest >= 4, text[index + 1] == UInt8(ascii: "x"), let high = text[index + 2].hexValue,
                    let low = text[index + 3].hexValue
                {
                    bytes.append(high << 4 | low)
                    index += 4
                } else {
                    bytes.append(text[index + 1])
                    index += 2
                }
            } else {
                bytes.append(text[index])
                index += 1
            }
        }
        return bytes
    }
}
