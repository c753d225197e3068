/// Text to a validated plan, with all problems at once.
package enum PlanReader {
    /// A plan that can run, and what seemed doubtful in it.
    package struct Reading: Sendable {
        package var plan: Plan
        /// Warnings only; nil when there are none.
        package var warnings: PlanProblems?
    }

    /// Reads a plan and checks it, together with the files that it names.
    ///
    /// The variant is laid over the plan, then the settings in their order; then `${...}` is replaced, then keys are
    /// read. Without a variant the plan alone is the result, and every variant of it is checked as well.
    ///
    /// - Parameters:
    ///   - text: YAML, at most 1 MiB.
    ///   - file: the plan's file as the person named it; stands in messages, and gives the plan its name.
    ///   - directory: where relative paths start; by default the directory of `file`.
    ///   - abilities: what this machine can do.
    ///   - variant: which of the plan's `variants:` to lay over it; nil for none.
    ///   - settings: changes such as `client.timeout.total=5s`, from `--set`.
    ///   - timeScale: how much faster than it is written the plan will run; the default is as it is written.
    ///   - surroundings: what `${env:NAME}` may see.
    /// - Throws: every problem that was found, warnings among them; no text in them shows a value of `${...}`.
    package static func read(
        text: String, file: String, directory: String? = nil, abilities: PlanAbilities, variant: String? = nil,
        settings: [String] = [], timeScale: TimeScale = .none, surroundings: PlanSurroundings = PlanSurroundings()
    ) throws(PlanProblems) -> Reading {
        let lines = SourceLines(text)
        var options = settings.map { PlanSetting.name + $0 }
        let base: OverlaidPlan
        do throws(PlanProblem) {
            base = OverlaidPlan(try PlanText.parse(text, lines: lines))
        } catch {
            throw PlanProblems(file: file, problems: [error], source: lines)
        }
        if let variant { options.append("--variant \(variant)") }
        let reader = PlanPass(
            file: file, hash: PlanHash.of(text),
            files: PlanFiles(directory: directory ?? PlanFiles.directory(of: file)),
            abilities: abilities, surroundings: surroundings, settings: settings, timeScale: timeScale)
        let result: PlanPass.Result
        do throws(PlanProblem) {
            result =
                variant == nil ? reader.readAll(base) : reader.read(try base.root(of: variant, option: settings.count))
        } catch {
            result = PlanPass.Result(plan: nil, problems: [error])
        }
        let problems = PlanProblems(file: file, problems: result.problems, source: lines, options: options)
        guard var plan = result.plan, !result.problems.contains(where: { $0.severity == .error }) else {
            throw problems
        }
        plan.variant = variant
        plan.variants = base.variants.map(\.name)
        return Reading(plan: plan, warnings: result.problems.isEmpty ? nil : problems)
    }

    /// Reads the file and then the plan in it; `text` of the result is what was read.
    ///
    /// - Throws: as above; a file that cannot be read, is too large or is not UTF-8 is a problem of its first line.
    package static func read(
        file: String, abilities: PlanAbilities, variant: String? = nil, settings: [String] = [],
        timeScale: TimeScale = .none, surroundings: PlanSurroundings = PlanSurroundings()
    ) throws(PlanProblems) -> (reading: Reading, text: String) {
        func failure(_ rule: PlanRule, _ message: String, remedy: String) -> PlanProblems {
            let problem = PlanProblem(.error, rule, at: Place(line: 1, column: 1), message, remedy: remedy)
            return PlanProblems(file: file, problems: [problem], source: SourceLines(""))
        }
        let bytes: [UInt8]
        do throws(Complaint) {
            bytes = try PlanFiles(directory: "").bytes(file, limit: PlanText.maximumBytes)
        } catch {
            throw failure(error.rule, error.message, remedy: "check the path and the file")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw failure(.syntax, "the plan is not UTF-8", remedy: "save it as UTF-8")
        }
        let reading = try read(
            text: text, file: file, abilities: abilities, variant: variant, settings: settings,
            timeScale: timeScale, surroundings: surroundings)
        return (reading, text)
    }
}

/// A name for the text of a plan: FNV-1a, 64 bits. It tells two texts apart, it guards nothing.
package enum PlanHash {
    /// The empty text has 0xcbf29ce484222325.
    package static func of(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
