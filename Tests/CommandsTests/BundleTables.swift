import Foundation
import TestSupport

/// Waits until files say so, for ten seconds at most. They are read again each time, so not as often as `eventually` asks.
func written(_ condition: () async -> Bool) async -> Bool {
    await eventually(every: .milliseconds(25), condition)
}

/// A CSV file of a bundle, row by row, by the names of its columns.
struct BundleTable {
    let rows: [[String: String]]

    /// A file that is not there has no rows.
    init(_ name: String, of bundle: String) {
        let text = (try? String(contentsOfFile: "\(bundle)/\(name)", encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n").map { Self.cells($0) }
        rows = lines.dropFirst().filter { $0.count == lines[0].count }.map {
            Dictionary(zip(lines[0], $0)) { first, _ in first }
        }
    }

    /// RFC 4180: a cell in quotes may have commas, and a quote in it is doubled. The bundle's cells have no line feeds.
    private static func cells(_ line: Substring) -> [String] {
        var (cells, cell, isQuoted) = ([String](), "", false)
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                cells.append(cell)
                cell = ""
            default: cell.append(character)
            }
        }
        return cells + [cell]
    }
}

/// A row of `endpoints.csv`.
struct EndpointRow {
    let address: String
    private let cells: [String: String]

    subscript(column: String) -> Int { Int(cells[column] ?? "") ?? 0 }

    /// What the server must have counted: load, warm-up, and health checks.
    var onTheWire: Int { self["requests"] + self["warm_up_requests"] + self["checks"] }

    /// By address.
    static func all(of bundle: String) -> [String: EndpointRow] {
        let rows = BundleTable("endpoints.csv", of: bundle).rows.map {
            EndpointRow(address: $0["address"] ?? "", cells: $0)
        }
        return Dictionary(rows.map { ($0.address, $0) }) { first, _ in first }
    }
}

/// A row of `events.csv`, which is written while the run goes on.
struct EventRow {
    /// Seconds since the start of the run.
    let time: Double
    let kind: String
    let subject: String
    let what: String
    let detail: String

    static func all(of bundle: String) -> [EventRow] {
        BundleTable("events.csv", of: bundle).rows.map {
            EventRow(
                time: Double($0["time"] ?? "") ?? -1, kind: $0["kind"] ?? "", subject: $0["subject"] ?? "",
                what: $0["what"] ?? "", detail: $0["detail"] ?? "")
        }
    }

    /// Whether an event of this kind stands there; any subject when none is given.
    static func has(_ kind: String, _ what: String, _ subject: String? = nil, in bundle: String) -> Bool {
        all(of: bundle).contains { $0.kind == kind && $0.what == what && (subject == nil || $0.subject == subject) }
    }
}

extension GaleProcess {
    /// Runs a plan that is written here, with a seed that is always the same, to the bundle `bundle` of the folder.
    static func run(plan: String, options: [String] = [], in folder: String) async throws -> Outcome {
        try await begin(plan: plan, options: options, in: folder).wait()
    }

    /// The same, begun.
    static func begin(plan: String, options: [String] = [], in folder: String) throws -> GaleProcess {
        try plan.write(toFile: folder + "/plan.yaml", atomically: true, encoding: .utf8)
        return try GaleProcess(
            ["run", "plan.yaml", "--quiet", "--seed", "17", "--out", "bundle"] + options, in: folder)
    }
}
