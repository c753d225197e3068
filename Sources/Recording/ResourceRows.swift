package import Core

/// `resources.csv`: a row for each second, resource and column, as `run.json` lists them.
package enum ResourceRows {
    package static let header = "start,resource,column,value"
    /// Bytes of a resource's name.
    private static let longestName = 200

    /// The whole file.
    package static func text(_ resources: [ResourceRecord]) -> String {
        var text = header + "\n"
        for second in 0..<(resources.map { $0.seconds?.count ?? 0 }.max() ?? 0) {
            for resource in resources {
                guard let seconds = resource.seconds, second < seconds.count else { continue }
                let name = CSVCells.text(resource.name, longest: longestName)
                for (column, value) in zip(resource.columns, seconds[second]) {
                    text += "\(second),\(name),\(column.name),\(number(value))\n"
                }
            }
        }
        return text
    }

    /// Six decimals at most, none without need.
    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : value.fixed(6)
    }
}

/// Reads `resources.csv` line by line into the resources of a record.
package struct ResourceReader {
    package private(set) var resources: [ResourceRecord]
    private let places: [String: Int]
    private let columns: [[String: Int]]
    private var hasHeader = false
    /// Seconds of a year: what is longer is damage.
    private static let most = 366 * 86_400

    /// - Parameter resources: of the record, which have no seconds yet.
    package init(_ resources: [ResourceRecord]) {
        self.resources = resources.map {
            var resource = $0
            resource.seconds = []
            return resource
        }
        places = Dictionary(resources.enumerated().map { ($1.name, $0) }) { first, _ in first }
        columns = resources.map { resource in
            Dictionary(resource.columns.enumerated().map { ($1.name, $0) }) { first, _ in first }
        }
    }

    /// - Parameter line: the bytes of a line without its newline, the header first.
    package mutating func add(_ line: ArraySlice<UInt8>) throws(ResourceError) {
        guard hasHeader else {
            let text = String(decoding: line, as: UTF8.self)
            guard text == ResourceRows.header else { throw .wrongHeader(text) }
            hasHeader = true
            return
        }
        guard let cells = CSVCells.cells(of: line), cells.count == 4 else { throw .wrongCells }
        guard let place = places[CSVCells.plain(cells[1])] else { throw .unknown(cells[1]) }
        guard let column = columns[place][cells[2]] else { throw .unknown(cells[2]) }
        let known = resources[place].seconds?.count ?? 0
        // Seconds come in order, each whole.
        guard let second = Int(cells[0]), (max(0, known - 1)...known).contains(second), second < Self.most else {
            throw .badCell(cells[0], rule: "the second that is next")
        }
        guard let value = Double(cells[3]), value.magnitude <= 1e18 else {
            throw .badCell(cells[3], rule: "a number")
        }
        if second == known {
            let zeros = Array(repeating: 0.0, count: resources[place].columns.count)
            resources[place].seconds?.append(zeros)
        }
        resources[place].seconds?[second][column] = value
    }
}

/// What is wrong with a line of `resources.csv`.
package enum ResourceError: Error, Hashable, CustomStringConvertible {
    case wrongHeader(String)
    case wrongCells
    /// A resource or a column that `run.json` does not list.
    case unknown(String)
    case badCell(String, rule: String)

    package var description: String {
        switch self {
        case .wrongHeader(let text): "'\(text.prefix(60))' is not the header '\(ResourceRows.header)'"
        case .wrongCells: "it has not four cells"
        case .unknown(let name): "'\(name.prefix(60))' is no resource or column of run.json"
        case .badCell(let text, let rule): "'\(text.prefix(60))' is not \(rule)"
        }
    }
}
