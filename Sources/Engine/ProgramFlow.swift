import Core
import Flows
import Plans

/// A scenario made ready to run. A class, so that an arrival takes one reference and not a handful of arrays.
package final class ProgramFlow: Sendable {
    /// An item of a flow; steps and transactions by their place in the program's tables.
    indirect enum Item: Sendable {
        case call(Int)
        case group([Item])
        case transaction(Int?, [Item])
        case parallel(Int?, [Item])
        case repetition(FlowItem.Repetition, while: Condition?, [Item])
        case choice(Condition, then: [Item], otherwise: [Item])
        case think(TimeDistribution)
        case draw([Int])
    }

    let items: [Item]
    let endsOnFailure: Bool
    /// The data sources whose values its steps read.
    let sources: [Int]
    /// Its steps, when it is nothing but requests that are always the same, one after the other: then no user's state is
    /// needed to run it.
    let plain: Range<Int>?

    init(items: [Item], endsOnFailure: Bool, sources: [Int], plain: Range<Int>?) {
        self.items = items
        self.endsOnFailure = endsOnFailure
        self.sources = sources
        self.plain = plain
    }
}

extension FlowItem {
    /// Every slot that the item reads.
    var slots: [Int] {
        let own: [Int] =
            switch self {
            case .call(let step): ProgramStep.slots(of: step)
            case .repetition(let times, let condition, _):
                (condition?.slots ?? []) + times.slots
            case .choice(let condition, _, _): condition.slots
            default: []
            }
        return own + items.flatMap(\.slots)
    }

    /// The sources that it draws from anew.
    var draws: [Int] {
        if case .draw(let sources) = self { sources } else { items.flatMap(\.draws) }
    }
}

extension FlowItem.Repetition {
    var slots: [Int] { if case .variable(let slot) = self { [slot] } else { [] } }
}
