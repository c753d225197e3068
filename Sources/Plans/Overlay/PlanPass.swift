/// Trees to plans: settings, then `${...}`, then keys. It is passed once for the plan, and once for every variant.
struct PlanPass: Sendable {
    struct Result: Sendable {
        /// Nil when an error was found.
        var plan: Plan?
        var problems: [PlanProblem]
        /// The problems are there because a variable of the environment has no value, and the keys were not read.
        var isUnset = false
    }

    let file: String
    let hash: UInt64
    let files: PlanFiles
    let abilities: PlanAbilities
    let surroundings: PlanSurroundings
    /// The texts of `--set`.
    let settings: [String]
    var timeScale = TimeScale.none

    /// The plan alone, and the problems of its variants with it.
    func readAll(_ base: OverlaidPlan) -> Result {
        var result = read(base.root)
        // A problem of the plan itself is not repeated for every variant.
        var known = Set(result.problems)
        for variant in base.variants where result.problems.count < ReadingContext.flood {
            let found = read(base.root(of: variant), forVariant: true)
            for problem in found.problems where known.insert(problem).inserted {
                result.problems.append(problem.placed(in: variant, asWarning: found.isUnset))
            }
        }
        if result.problems.contains(where: { $0.severity == .error }) { result.plan = nil }
        return result
    }

    /// - Parameter forVariant: the variant is only checked; where the environment lacks something, it is not read.
    func read(_ tree: PlanNode, forVariant: Bool = false) -> Result {
        var tree = tree
        for (number, setting) in settings.enumerated() {
            do throws(PlanProblem) {
                tree = try PlanSetting(setting, option: number).apply(to: tree)
            } catch {
                // What was set in the plan need not be there with a variant that nobody has chosen.
                return Result(plan: nil, problems: forVariant ? [] : [error])
            }
        }
        var expansion = Expansion(surroundings: surroundings, files: files)
        tree = expansion.expandPlan(tree)
        if forVariant, expansion.problems.isEmpty, !expansion.unset.isEmpty {
            return Result(plan: nil, problems: expansion.unset, isUnset: true)
        }
        let failed = expansion.problems + expansion.unset
        let places = Set(failed.map(\.place.start))
        var context = ReadingContext(files: files, abilities: abilities, timeScale: timeScale)
        context.counters = CountKeys.names(in: tree)
        context.sources = DataKeys.names(in: tree)
        var plan = PlanKeys.form(file: file, hash: hash).read(tree, &context)
        // Of a text that could not be made, no more is said than that.
        let problems = failed + context.problems.filter { !places.contains($0.place.start) }
        if problems.contains(where: { $0.severity == .error }) { plan = nil }
        plan?.secrets = expansion.secrets
        plan = plan?.scaled(by: timeScale)
        guard !problems.isEmpty else { return Result(plan: plan, problems: []) }
        let mask = ProblemMask(secrets: expansion.secrets, values: expansion.values, places: expansion.places)
        return Result(plan: plan, problems: problems.map(mask.mask))
    }
}

extension PlanProblem {
    /// A problem that the plan has only with a variant: it is put where the variant is, unless it is there already.
    fileprivate func placed(in variant: OverlaidPlan.Variant, asWarning: Bool) -> PlanProblem {
        var problem = self
        if asWarning {
            problem.severity = .warning
            problem.message = "the variant `\(variant.name.printable)` is not checked, \(message)"
        }
        guard place.origin == .plan, !variant.extent.contains(place) else { return problem }
        problem.place = variant.place
        if !asWarning { problem.message = "with the variant `\(variant.name.printable)`: \(message)" }
        return problem
    }
}
