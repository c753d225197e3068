import Core

/// Reads `timeline.csv`, line by line, by the names in its header: a column that a later version added is passed over,
/// a column that is missing is an error, unless earlier versions did not have it.
package struct TimelineReader {
    /// For each column of the file, what to do with its cell; nil for a column that this version does not know.
    private let columns: [Column?]

    private enum Column: Hashable {
        case time, length, kind, phase, ledger(WritableKeyPath<Ledger, Int>)
        case inFlight, connections, p50, p99, sendLag, busiest, statuses, failures, checks, counters
        case policies, budgetLeft, endpointsAvailable, endpoints
    }

    /// - Parameter header: the bytes of the first line of the file, without its newline.
    package init(header: ArraySlice<UInt8>) throws(TimelineError) {
        let known = Self.known()
        let names = header.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        for name in TimelineRow.columns where !names.contains(name) && !TimelineRow.laterColumns.contains(name) {
            throw .missingColumn(name)
        }
        columns = names.map { known[$0] }
    }

    /// - Parameter line: the bytes of a line, without its newline.
    package func row(_ line: ArraySlice<UInt8>) throws(TimelineError) -> TimelineRow {
        let cells = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard cells.count == columns.count else { throw .wrongCellCount(cells.count, expected: columns.count) }
        var row = TimelineRow(time: 0, length: 0, phase: 0)
        for (column, cell) in zip(columns, cells) {
            if let column { try Self.read(cell, as: column, into: &row) }
        }
        return row
    }

    private static func known() -> [String: Column] {
        var known: [String: Column] = [
            "time": .time, "length": .length, "kind": .kind, "phase": .phase, "in_flight": .inFlight,
            "connections": .connections, "p50_ms": .p50, "p99_ms": .p99, "send_lag_p99_ms": .sendLag,
            "busiest_loop": .busiest, "statuses": .statuses, "failures": .failures, "checks": .checks,
            "counters": .counters, "policies": .policies, "retry_budget_left": .budgetLeft,
            "endpoints_available": .endpointsAvailable, "endpoints": .endpoints,
        ]
        for field in Ledger.fields { known[field.name] = .ledger(field.path) }
        return known
    }

    private static func read(
        _ cell: ArraySlice<UInt8>, as column: Column, into row: inout TimelineRow
    ) throws(TimelineError) {
        switch column {
        case .time: row.time = try seconds(cell)
        case .length: row.length = try seconds(cell)
        case .kind:
            let text = String(decoding: cell, as: UTF8.self)
            guard let kind = TimelineRow.Kind(rawValue: text) else { throw .badCell(text, rule: "run or warm-up") }
            row.kind = kind
        case .phase: row.phase = try integer(cell)
        case .ledger(let path): row.ledger[keyPath: path] = try integer(cell)
        case .inFlight: row.inFlight = try integer(cell)
        case .connections: row.connections = try integer(cell)
        case .p50: row.responseP50 = try milliseconds(cell)
        case .p99: row.responseP99 = try milliseconds(cell)
        case .sendLag: row.sendLagP99 = try milliseconds(cell)
        case .busiest: row.busiestLoop = cell.isEmpty ? nil : try seconds(cell)
        case .statuses:
            for (name, count) in try pairs(cell) {
                guard let status = Int(name), (1...999).contains(status) else {
                    throw .badCell(name, rule: "a status from 1 to 999")
                }
                row.statuses[status] = count
            }
        case .failures:
            for (name, count) in try pairs(cell) {
                guard let kind = FailureKind(name: name) else { throw .badCell(name, rule: "a kind of failure") }
                row.failures[kind] = count
            }
        case .checks: row.checks = try checks(cell)
        case .counters: row.counters = try CounterCell.sums(cell)
        case .policies:
            var seen: Set<String> = []
            for (name, count) in try pairs(cell) {
                guard seen.insert(name).inserted, row.policies.add(count, named: name) else {
                    throw .badCell(name, rule: "a count of policies, each once")
                }
            }
        case .budgetLeft: row.retryBudgetLeft = cell.isEmpty ? nil : try seconds(cell)
        case .endpointsAvailable: row.endpointsAvailable = cell.isEmpty ? nil : try integer(cell)
        case .endpoints: row.endpoints = cell.isEmpty ? nil : try integer(cell)
        }
    }

    /// `0=5:1;3=2:0`
    private static func checks(_ cell: ArraySlice<UInt8>) throws(TimelineError) -> [Int: CheckCounts] {
        var checks: [Int: CheckCounts] = [:]
        for part in cell.split(separator: UInt8(ascii: ";")) {
            guard let sign = part.firstIndex(of: UInt8(ascii: "=")), let colon = part.firstIndex(of: UInt8(ascii: ":")),
                sign < colon
            else { throw .badCell(String(decoding: part, as: UTF8.self), rule: "index=passed:failed") }
            let index = try integer(part[..<sign])
            checks[index] = CheckCounts(
                passed: try integer(part[(sign + 1)..<colon]), failed: try integer(part[(colon + 1)...]))
        }
        return checks
    }

    /// The largest count that a cell may have: what is beyond is damage, and the sum over a run must not overflow.
    private static let highest = 1_000_000_000_000

    /// A whole number, read from bytes: a long run has millions of these cells.
    private static func integer(_ cell: ArraySlice<UInt8>) throws(TimelineError) -> Int {
        var value = 0
        var isNumber = !cell.isEmpty
        for byte in cell where isNumber {
            isNumber = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            value = value * 10 + Int(byte &- UInt8(ascii: "0"))
            if value > highest { isNumber = false }
        }
        guard isNumber else {
            throw .badCell(String(decoding: cell, as: UTF8.self), rule: "a whole number from 0 to 1e12")
        }
        return value
    }

    private static func seconds(_ cell: ArraySlice<UInt8>) throws(TimelineError) -> Double {
        let text = String(decoding: cell, as: UTF8.self)
        // 1e9 seconds are 31 years: what is longer is damage, and would overflow later sums.
        guard let value = Double(text), value >= 0, value <= 1e9 else {
            throw .badCell(text, rule: "a number from 0 to 1e9")
        }
        return value
    }

    private static func milliseconds(_ cell: ArraySlice<UInt8>) throws(TimelineError) -> Span? {
        guard !cell.isEmpty else { return nil }
        // Send lag may be negative by a rounding of clocks; no other cell is.
        let text = String(decoding: cell, as: UTF8.self)
        guard let value = Double(text), value.magnitude <= 1e12 else {
            throw .badCell(text, rule: "milliseconds, or nothing")
        }
        return Span(seconds: value / 1e3)
    }

    /// `200=12;503=1`
    private static func pairs(_ cell: ArraySlice<UInt8>) throws(TimelineError) -> [(String, Int)] {
        var pairs: [(String, Int)] = []
        for part in cell.split(separator: UInt8(ascii: ";")) {
            guard let sign = part.lastIndex(where: { $0 == UInt8(ascii: "=") }) else {
                throw .badCell(String(decoding: part, as: UTF8.self), rule: "name=count")
            }
            pairs.append(
                (String(decoding: part[..<sign], as: UTF8.self), try integer(part[part.index(after: sign)...])))
        }
        return pairs
    }
}

/// What is wrong with a line of `timeline.csv`; the reader of the file adds which line it is.
package enum TimelineError: Error, Hashable, CustomStringConvertible {
    case missingColumn(String)
    case wrongCellCount(Int, expected: Int)
    case badCell(String, rule: String)
    /// The file has more than a run can have.
    case tooMuch(String)

    package var description: String {
        switch self {
        case .missingColumn(let name): "the header lacks the column '\(name)'"
        case .wrongCellCount(let count, let expected): "\(count) cells where the header has \(expected)"
        case .badCell(let text, let rule): "'\(text.prefix(60))' is not \(rule)"
        case .tooMuch(let what): what
        }
    }
}
