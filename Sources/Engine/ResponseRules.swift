import Core
import Flows
import Plans

/// What is asked of a step's response besides its status, and what is taken from it.
final class ResponseRules: Sendable {
    /// The status check in the table of checks, for a step that says which statuses are right.
    let statusCheck: Int?
    let checks: [ResponseCheck]
    let extractions: [NamedExtraction]
    let counts: [CountRule]
    /// Where `checks` begin in the table of checks; the extractions that must find something follow. Nil: not counted.
    private let firstCheck: Int?

    let keepsHeaders: Bool
    /// Most bytes of the body that are looked at.
    let bodyLimit: Int
    /// Whether users have jars, which take the cookies of every response.
    let cookies: Bool
    /// Whether anything of a response is looked at but its status.
    let looks: Bool
    /// By extraction: its place in the table of checks; nil for one that has a default, and so always finds something.
    private let extractionPlaces: [Int?]

    /// Bodies are looked at up to here, 4 MiB; what lies beyond is counted and not seen.
    static let mostBody = 4 << 20

    init(_ step: Step, cookies: Bool, checks first: Int?) {
        let checksStatus = step.expect.statuses != nil
        statusCheck = checksStatus ? first : nil
        firstCheck = first.map { $0 + (checksStatus ? 1 : 0) }
        let (checks, extractions, counts) = (step.expect.checks, step.extractions, step.counts)
        self.checks = checks
        self.extractions = extractions
        self.counts = counts
        self.cookies = cookies
        let needsBody =
            checks.contains(where: \.needsBody) || extractions.contains { $0.extraction.needsBody }
            || counts.contains { if case .json = $0.amount { true } else { false } } || !step.gathers.isEmpty
        bodyLimit = needsBody ? Self.mostBody : 0
        keepsHeaders =
            cookies || checks.contains(where: \.needsHeaders)
            || extractions.contains { $0.extraction.needsHeaders }
        looks = keepsHeaders || needsBody || !checks.isEmpty || !extractions.isEmpty || !counts.isEmpty
        var next = firstCheck.map { $0 + checks.count }
        extractionPlaces = extractions.map { named in
            guard named.extraction.standard == nil, let place = next else { return nil }
            next = place + 1
            return place
        }
    }

    /// Where a check stands in the table of checks.
    func place(ofCheck index: Int) -> Int? { firstCheck.map { $0 + index } }

    /// Where an extraction that must find something stands; nil for one that has a default.
    func place(ofExtraction index: Int) -> Int? { extractionPlaces[index] }

    /// What reports call the checks of a step, in the order of the table.
    static func texts(of step: Step) -> [String] {
        texts(step.expect.statuses != nil, step.expect.statusText, step.expect.checks, step.extractions)
    }

    private static func texts(
        _ status: Bool, _ statusText: String, _ checks: [ResponseCheck], _ extractions: [NamedExtraction]
    ) -> [String] {
        (status ? ["status \(statusText)"] : []) + checks.map(\.text)
            + extractions.filter { $0.extraction.standard == nil }.map { "extract \($0.name)" }
    }
}
