import Plans
import Transport

/// Where a plan comes from: a file, read and checked with what this machine can do.
enum PlanSource {
    static func isURL(_ text: String) -> Bool {
        let lower = text.lowercased()
        return lower.hasPrefix("http://") || lower.hasPrefix("https://")
    }

    /// Warnings go to stderr.
    /// - Throws: `Failure` with all problems of the plan.
    static func read(_ file: String) throws(Failure) -> (plan: Plan, text: String) {
        do throws(PlanProblems) {
            let abilities = PlanAbilities(http2: CurlLibrary.offersHTTP2, libcurl: CurlLibrary.version)
            let (reading, text) = try PlanReader.read(file: file, abilities: abilities)
            if let warnings = reading.warnings { Terminal.note("\(warnings)") }
            return (reading.plan, text)
        } catch {
            throw Failure(status: ExitStatus.usage, message: "\(error)")
        }
    }
}
