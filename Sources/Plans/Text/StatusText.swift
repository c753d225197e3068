/// Statuses that a response may have: `200`, `2xx`, `200-299`.
enum StatusText {
    static func range(_ text: String) throws(Complaint) -> ClosedRange<Int32> {
        let wrong = Complaint(
            .status,
            "`\(text.printable)` is no status, which is a number from 100 to 599, a class such as `2xx`, or a "
                + "range such as `200-299`", remedy: "write one of these")
        let bytes = Array(text.utf8)
        if bytes.count == 3, bytes[1] | 0x20 == UInt8(ascii: "x"), bytes[2] | 0x20 == UInt8(ascii: "x") {
            guard (UInt8(ascii: "1")...UInt8(ascii: "5")).contains(bytes[0]) else { throw wrong }
            let first = Int32(bytes[0] - UInt8(ascii: "0")) * 100
            return first...(first + 99)
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.map { part in part.utf8.count == 3 ? Int32(part) : nil }
        guard (1...2).contains(numbers.count), let from = numbers[0], let to = numbers[numbers.count - 1],
            (100...599).contains(from), (100...599).contains(to)
        else { throw wrong }
        guard from <= to else {
            throw Complaint(
                .status, "`\(text.printable)` goes backwards", remedy: "write `\(to)-\(from)`")
        }
        return from...to
    }
}
