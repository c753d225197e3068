package import Core
package import Flows

/// A weighted flow of steps.
package struct Scenario: Sendable {
    package var name: String
    /// Share of the arrivals, relative to the other scenarios'; greater than 0, default 1.
    package var weight: Double
    package var flow: [FlowItem]
    /// Whether a failed call ends the flow; default true: what comes after it stands on it.
    package var endsOnFailure = true
    /// The pause after each of its requests that has none of its own.
    package var think: TimeDistribution?

    package init(name: String, weight: Double = 1, flow: [FlowItem]) {
        self.name = name
        self.weight = weight
        self.flow = flow
    }

    /// A flow of requests, one after the other.
    package init(name: String, weight: Double = 1, steps: [Step]) {
        self.init(name: name, weight: weight, flow: steps.map { .call($0) })
    }

    /// Its requests, in the order of the text.
    package var steps: [Step] { flow.flatMap(\.steps) }

    /// Its transactions, in the order of the text.
    package var transactions: [String] { flow.flatMap(\.transactions) }
}

/// One item of a flow.
package indirect enum FlowItem: Sendable {
    case call(Step)
    case group([FlowItem])
    /// A group measured as one.
    case transaction(name: String, [FlowItem])
    /// All at once; measured as one when it has a name.
    case parallel(name: String?, [FlowItem])
    /// At least once, at most so many times, and after the first time only while the condition holds.
    case repetition(Repetition, while: Condition?, [FlowItem])
    case choice(Condition, then: [FlowItem], otherwise: [FlowItem])
    case think(TimeDistribution)
    /// Takes the next values of these data sources, by their place in the plan.
    case draw([Int])

    /// How often.
    package enum Repetition: Hashable, Sendable {
        /// A random number of the range, each alike.
        case times(ClosedRange<Int>)
        /// What a variable says, at most 100,000; nothing when it is no number.
        case variable(slot: Int)
    }

    /// The items within.
    package var items: [FlowItem] {
        switch self {
        case .call, .think, .draw: []
        case .group(let items), .transaction(_, let items), .parallel(_, let items), .repetition(_, _, let items):
            items
        case .choice(_, let then, let otherwise): then + otherwise
        }
    }

    package var steps: [Step] {
        if case .call(let step) = self { [step] } else { items.flatMap(\.steps) }
    }

    package var transactions: [String] {
        switch self {
        case .transaction(let name, let items), .parallel(let name?, let items):
            [name] + items.flatMap(\.transactions)
        default: items.flatMap(\.transactions)
        }
    }
}

extension FlowItem {
    /// How often each of its requests is made in one run through it, in the order of the text: a repetition by the middle of
    /// its range, or once where a variable says how often; of a condition both ways count as if they were taken.
    package var expectedCalls: [Double] {
        switch self {
        case .call: return [1]
        case .think, .draw: return []
        case .group, .transaction, .parallel, .choice: return items.flatMap(\.expectedCalls)
        case .repetition(.times(let range), _, let items):
            let times = Double(range.lowerBound + range.upperBound) / 2
            return items.flatMap(\.expectedCalls).map { $0 * times }
        case .repetition(.variable, _, let items): return items.flatMap(\.expectedCalls)
        }
    }
}

/// One request of a scenario.
package struct Step: Sendable {
    package var name: String
    package var method: Template
    /// Path and query; begins with `/` and is appended to the target.
    package var path: Template
    package var headers: [HeaderTemplate]
    package var cookies: [HeaderTemplate] = []
    package var body: Template?
    /// Send the body as gzip.
    package var compresses = false
    package var expect: Expectation
    package var extractions: [NamedExtraction] = []
    package var counts: [CountRule] = []
    /// The pause after it; nil: the scenario's.
    package var think: TimeDistribution?
    /// Whether it is made at all.
    package var condition: Condition?
    /// What it is sharded by; nil: nothing, or `batch` and `gathers` say more.
    package var key: Template?
    /// Longest time for one of its calls; nil: the client's.
    package var timeout: Span?
    /// Nil: as the client says.
    package var retry: StepRetry?
    package var fallback: Fallback?
    /// The slot of the variable whose list of keys is split by shard, one part for each; nil: it has one key or none.
    package var batch: Int?
    /// Values from the answers of all parts. A step under `client.shard` that has no `key` goes to all shards, or with
    /// `batch` to those of its keys.
    package var gathers: [Gather] = []

    package init(
        name: String, method: Template = "GET", path: Template, headers: [HeaderTemplate] = [], body: Template? = nil,
        expect: Expectation = .init()
    ) {
        self.name = name
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.expect = expect
    }
}

/// A header line, or a cookie, whose value may have places.
package struct HeaderTemplate: Hashable, Sendable {
    package var name: String
    package var value: Template

    package init(name: String, value: Template) {
        self.name = name
        self.value = value
    }
}

/// What a response must be like for the call to succeed.
package struct Expectation: Sendable {
    /// Statuses that are right; nil: every status below 400.
    package var statuses: [ClosedRange<Int32>]?
    /// As the plan wrote them, for reports.
    package var statusText = ""
    package var checks: [ResponseCheck] = []

    package init(statuses: [ClosedRange<Int32>]? = nil, statusText: String = "") {
        self.statuses = statuses
        self.statusText = statusText
    }

    package func accepts(_ status: Int32) -> Bool {
        guard let statuses else { return status < 400 }
        return statuses.contains { $0.contains(status) }
    }
}

/// A value that is taken from a response, by name.
package struct NamedExtraction: Sendable {
    package var name: String
    package var extraction: Extraction

    package init(name: String, extraction: Extraction) {
        self.name = name
        self.extraction = extraction
    }
}

/// What a successful call adds to a business counter.
package struct CountRule: Sendable {
    /// The number to add.
    package enum Amount: Sendable {
        case constant(Double)
        case json(JSONPath)
        case template(Template)
    }

    /// By its place in the plan's counters.
    package var counter: Int
    package var amount: Amount
    package var tags: [HeaderTemplate]

    package init(counter: Int, amount: Amount, tags: [HeaderTemplate] = []) {
        self.counter = counter
        self.amount = amount
        self.tags = tags
    }
}
