import Core

/// A line of `events.csv`: one event of a run.
package enum EventRow {
    /// The names of the columns, in order.
    package static let columns = ["time", "client", "kind", "subject", "what", "detail"]

    /// The first line of the file, without its newline.
    package static var header: String { columns.joined(separator: ",") }

    /// Most bytes of a subject, and of a detail; what is more is cut.
    package static let longestSubject = 300
    package static let longestDetail = 500

    /// The event as a line of the file, without a newline. The time has three decimals.
    package static func line(_ event: RunEvent) -> String {
        [
            event.time.seconds.fixed(3), event.client.map(String.init) ?? "", event.kind.rawValue,
            CSVCells.text(event.subject, longest: longestSubject), CSVCells.text(event.what, longest: longestSubject),
            CSVCells.text(event.detail, longest: longestDetail),
        ].joined(separator: ",")
    }
}

/// Reads `events.csv`, line by line, by the names in its header: a column that a later version added is passed over, a
/// column that is missing is an error.
package struct EventReader {
    /// For each of `EventRow.columns` its place in the file.
    private let places: [Int]
    private let count: Int

    /// - Parameter header: the bytes of the first line of the file, without its newline.
    package init(header: ArraySlice<UInt8>) throws(EventError) {
        let names = CSVCells.cells(of: header) ?? []
        var places: [Int] = []
        for name in EventRow.columns {
            guard let place = names.firstIndex(of: name) else { throw .missingColumn(name) }
            places.append(place)
        }
        self.places = places
        count = names.count
    }

    /// - Parameter line: the bytes of a line, without its newline.
    package func event(_ line: ArraySlice<UInt8>) throws(EventError) -> RunEvent {
        guard let found = CSVCells.cells(of: line) else { throw .badQuotes }
        guard found.count == count else { throw .wrongCellCount(found.count, expected: count) }
        let cells = places.map { found[$0] }
        // 1e9 seconds are 31 years.
        guard let time = Double(cells[0]), time >= 0, time <= 1e9 else {
            throw .badCell(cells[0], rule: "a time in seconds from 0 to 1e9")
        }
        let client = Int(cells[1])
        guard cells[1].isEmpty || client.map({ (0...1_000_000).contains($0) }) ?? false else {
            throw .badCell(cells[1], rule: "the number of a client, or nothing")
        }
        guard let kind = RunEvent.Kind(rawValue: cells[2]) else {
            let kinds = RunEvent.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .badCell(cells[2], rule: "one of \(kinds)")
        }
        let texts = cells[3...].map { CSVCells.plain($0) }
        return RunEvent(
            time: Span(seconds: time), client: client, kind: kind, subject: texts[0], what: texts[1], detail: texts[2])
    }
}

/// What is wrong with a line of `events.csv`; the reader of the file adds which line it is.
package enum EventError: Error, Hashable, CustomStringConvertible {
    case missingColumn(String)
    case wrongCellCount(Int, expected: Int)
    case badQuotes
    case badCell(String, rule: String)

    package var description: String {
        switch self {
        case .missingColumn(let name): "the header lacks the column '\(name)'"
        case .wrongCellCount(let count, let expected): "\(count) cells where the header has \(expected)"
        case .badQuotes: "a quote within a cell that is not quoted, or one that is never closed"
        case .badCell(let text, let rule): "'\(text.prefix(60))' is not \(rule)"
        }
    }
}
