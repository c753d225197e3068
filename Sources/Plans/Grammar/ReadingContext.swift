/// What a plan is read with, and what was found wrong so far.
struct ReadingContext {
    let files: PlanFiles
    let abilities: PlanAbilities
    private(set) var problems: [PlanProblem] = []

    init(files: PlanFiles, abilities: PlanAbilities) {
        self.files = files
        self.abilities = abilities
    }

    /// So many problems that the rest of a list need not be read: it is as wrong as its beginning.
    var isFlooded: Bool { problems.count >= 1_000 }

    var hasErrors: Bool { problems.contains { $0.severity == .error } }

    /// The known word that was probably meant. Beyond the problems that are written out nobody reads the answer, and in
    /// a wrong text of a megabyte it would be asked for a hundred thousand times.
    func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
        problems.count < PlanProblems.shown ? NearestWord.find(word, in: candidates) : nil
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

    package init(http2: Bool, libcurl: String) {
        self.http2 = http2
        self.libcurl = libcurl
    }
}
