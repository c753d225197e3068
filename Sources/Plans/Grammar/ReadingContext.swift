import Flows

/// What a plan is read with, and what was found wrong so far.
struct ReadingContext {
    let files: PlanFiles
    let abilities: PlanAbilities
    private(set) var problems: [PlanProblem] = []
    /// The names that templates and conditions use.
    var variables = VariableTable()
    /// Where they stand.
    private(set) var mentions: [Placed<String>] = []
    /// Names of business counters, in the order of the text; known before anything is read, since budgets may stand first.
    var counters: [String] = [] { didSet { placeOfCounter = Self.places(counters) } }
    /// Names of data sources, known beforehand for the same reason.
    var sources: [String] = [] { didSet { placeOfSource = Self.places(sources) } }
    private(set) var placeOfCounter: [String: Int] = [:]
    private(set) var placeOfSource: [String: Int] = [:]
    /// The groups that the present step stands in.
    var groups: [String] = []
    /// What has a series of its own so far, and where it is named.
    var series: [Placed<Series>] = []
    /// Names that steps extract, and where they stand.
    var extracted: [Placed<String>] = []
    /// Steps with words of sharding, or without the one that they would need.
    var sharded: [ShardedStep] = []
    /// How much faster than it is written the plan will run.
    let timeScale: TimeScale
    /// The key whose value is read, for messages about a value alone.
    var key = ""
    /// Whether the present steps are those of `setup` or `teardown`, outside the load.
    var isAside = false

    /// Where the words of a step stand that depend on `client.shard`, which may be read later.
    struct ShardedStep: Sendable {
        var key: Place?
        var batch: Place?
        var gather: Place?
        var extract: Place?
    }

    /// A step or a transaction, by the name that reports give it.
    struct Series: Hashable, Sendable {
        let name: String
        let isTransaction: Bool
    }

    init(files: PlanFiles, abilities: PlanAbilities, timeScale: TimeScale = .none) {
        self.files = files
        self.abilities = abilities
        self.timeScale = timeScale
    }

    private static func places(_ names: [String]) -> [String: Int] {
        Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    /// So many problems that the rest of a list need not be read: it is as wrong as its beginning.
    var isFlooded: Bool { problems.count >= Self.flood }

    static let flood = 1_000

    var hasErrors: Bool { problems.contains { $0.severity == .error } }

    /// The known word that was probably meant. Beyond the problems that are written out nobody reads the answer, and in
    /// a wrong text of a megabyte it would be asked for a hundred thousand times.
    func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
        problems.count < PlanProblems.shown ? NearestWord.find(word, in: candidates) : nil
    }

    mutating func mention(_ name: String, at place: Place) { mentions.append(Placed(value: name, place: place)) }

    mutating func note(_ name: String, isTransaction: Bool, at place: Place) {
        series.append(Placed(value: Series(name: name, isTransaction: isTransaction), place: place))
    }

    mutating func complain(_ rule: PlanRule, at place: Place, _ message: String, remedy: String) {
        problems.append(PlanProblem(.error, rule, at: place, message, remedy: remedy))
    }

    mutating func complain(_ complaint: Complaint, at place: Place) {
        complain(complaint.rule, at: place, complaint.message, remedy: complaint.remedy)
    }

    mutating func warn(_ rule: PlanRule, at place: Place, _ message: String, remedy: String) {
        problems.append(PlanProblem(.warning, rule, at: place, message, remedy: remedy))
    }
}

/// What the machine that will run the plan can do; some keys depend on it.
package struct PlanAbilities: Hashable, Sendable {
    /// Whether libcurl can be trusted with HTTP/2.
    package var http2: Bool
    /// The version of libcurl, for the sentence that says why not.
    package var libcurl: String
    /// Whether the plan is about to run in real time, where the network is that of the machine; default false.
    package var isRealTime = false

    package init(http2: Bool, libcurl: String) {
        self.http2 = http2
        self.libcurl = libcurl
    }
}
