import Core

extension ResourceMetric {
    /// As reports know it.
    /// - Parameter kind: of the resource.
    func column(of kind: String) -> ResourceColumn {
        ResourceColumn(name, columnUnit, merge(of: kind))
    }

    private var columnUnit: ResourceColumn.Unit {
        switch self {
        case .hitShare, .busy, .filled: .share
        default: unit == "s" ? .seconds : unit == "B" ? .bytes : .count
        }
    }

    private func merge(of kind: String) -> ResourceColumn.Merge {
        switch style {
        case .count: .sum
        case .level: .mean
        case .meanTime: .average(of: kind == "queue" ? Self.delivered.name : Self.done.name)
        case .last: .last
        case .quotient where self == .hitShare: .ratio(of: "hits", to: "reads")
        case .quotient: .mean
        case .p99Time: .most
        }
    }
}
