import Core
import Plans

/// Which variants a command line means.
struct ComparedVariants {
    /// One plan, or several.
    var plans: [String]
    /// Names of the plan's variants, the base plan by `base`; none: the base plan and all of its variants.
    var variants: [String]
    /// `NAME=URL`; or one without a name, for all variants.
    var targets: [String]
    var amount: AmountOptions
    var values: ValueOptions
    var isSimulated: Bool
    var quiet: Bool

    /// What the plan without a variant is called.
    private static let base = "base"
    private static let most = 65

    /// - Throws: `Failure` when they cannot be compared.
    func read() throws(Failure) -> [ComparedVariant] {
        for plan in plans where PlanSource.isURL(plan) {
            throw Self.refusal(
                "`\(plan)` is a URL: a comparison needs a plan; give it with --target old=URL --target new=URL")
        }
        let named = targets.filter { Self.split($0) != nil }
        let found: [ComparedVariant]
        if plans.count > 1 {
            guard variants.isEmpty else {
                throw Self.refusal("--variant: several plans are compared as they are: leave it out, or give one plan")
            }
            guard named.isEmpty else {
                throw Self.refusal(
                    "--target: with several plans one target is for all of them: write it without a name")
            }
            found = try ofPlans()
        } else if !named.isEmpty {
            found = try ofTargets(named)
        } else {
            found = try ofVariants()
        }
        guard found.count > 1 else {
            throw Self.refusal(
                "there is nothing to compare `\(found.first?.name ?? plans[0])` with: describe `variants:` in the plan, give a "
                    + "second plan, or two targets as --target old=URL --target new=URL")
        }
        guard found.count <= Self.most else {
            throw Self.refusal("\(found.count) variants: at most \(Self.most) are compared")
        }
        var names: Set<String> = []
        for variant in found where !names.insert(variant.name).inserted {
            throw Self.refusal("`\(variant.name)` stands there twice: leave one of them out")
        }
        return found
    }

    private static func refusal(_ message: String) -> Failure { Failure(status: ExitStatus.usage, message: message) }

    /// A target that has no name is for all variants.
    private func commonTarget() throws(Failure) -> String? {
        let common = targets.filter { Self.split($0) == nil }
        guard common.count < 2 else {
            throw Self.refusal(
                "--target: to compare targets write names before them: --target old=URL --target new=URL")
        }
        return common.first
    }

    private func ofPlans() throws(Failure) -> [ComparedVariant] {
        let target = try commonTarget()
        var stems = plans.map(Self.stem)
        // Two of one name in two folders.
        if Set(stems).count < stems.count { stems = plans.map(Self.path) }
        // A plan beside itself is a test of the method.
        for (place, stem) in stems.enumerated() where stems.firstIndex(of: stem) != place {
            stems[place] = "\(stem)-\(place + 1)"
        }
        var found: [ComparedVariant] = []
        for (plan, name) in zip(plans, stems) {
            found.append(try variant(name, of: plan, nil, target: target, warns: true))
        }
        return found
    }

    private func ofTargets(_ named: [String]) throws(Failure) -> [ComparedVariant] {
        guard targets.count == named.count else {
            throw Self.refusal("--target: some have a name and some have none: write each as NAME=URL")
        }
        guard variants.count < 2 else {
            throw Self.refusal("--variant: targets are compared with one variant of the plan: leave the others out")
        }
        var found: [ComparedVariant] = []
        for text in named {
            guard let (name, target) = Self.split(text) else { continue }
            found.append(try variant(name, of: plans[0], variants.first, target: target, warns: found.isEmpty))
        }
        return found
    }

    private func ofVariants() throws(Failure) -> [ComparedVariant] {
        let target = try commonTarget()
        let alone = try variant(Self.base, of: plans[0], nil, target: target, warns: true)
        let known = alone.request.plan.variants
        // A variant may have the name itself; then the plan without one is `plan`.
        let base = known.contains(Self.base) ? "plan" : Self.base
        var found: [ComparedVariant] = []
        for name in variants.isEmpty ? [base] + known : variants {
            let chosen: String? = name == base && !known.contains(name) ? nil : name
            found.append(try variant(name, of: plans[0], chosen, target: target, warns: false))
        }
        return found
    }

    private func variant(
        _ name: String, of plan: String, _ variant: String?, target: String?, warns: Bool
    ) throws(Failure) -> ComparedVariant {
        let changes = PlanChanges(variant: variant, values: values)
        let load = LoadOptions(target: target, amount: amount)
        let request = try load.request(for: plan, changes, quiet: quiet || !warns, isRealTime: !isSimulated)
        let file = isSimulated ? Self.file(plan) : plan
        let words =
            [variant.map { "variant `\($0)` of \(file)" } ?? file] + request.overrides
            + values.set.map { "--set \($0)" }
        return ComparedVariant(
            name: name, request: request, text: request.plan.secrets.mask(words.joined(separator: ", ")))
    }

    /// `old=http://127.0.0.1:8080` as its two parts; nil when it begins with no name.
    static func split(_ text: String) -> (name: String, target: String)? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, parts[0].allSatisfy(isOfName) else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    private static func isOfName(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "-_.".contains(character)
    }

    static func file(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// `shop` of `plans/shop.yaml`, with nothing that a folder's name may not have.
    private static func stem(_ path: String) -> String {
        let file = file(path)
        return safe(file.lastIndex(of: ".").map { $0 > file.startIndex ? String(file[..<$0]) : file } ?? file)
    }

    private static func path(_ path: String) -> String { safe(path.split(separator: "/").joined(separator: "-")) }

    private static func safe(_ text: String) -> String {
        let safe = String(text.map { isOfName($0) ? $0 : "-" }.drop { $0 == "." })
        return safe.isEmpty ? "plan" : safe
    }
}
