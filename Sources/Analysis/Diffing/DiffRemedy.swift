/// The command that would tell what too few runs cannot.
enum DiffRemedy {
    /// As many as benchstat asks for at least ("10, ideally 20").
    static let usualPairs = 10

    /// - Parameter pairs: how many are needed; at least `usualPairs` are proposed.
    static func command(_ first: RunIdentity, _ other: RunIdentity, pairs: Int) -> String {
        let count = max(usualPairs, pairs)
        let verb = first.isSimulated ? "gale simulate" : "gale run"
        let simulate = first.isSimulated ? " --simulate" : ""
        if let plan = first.file, plan == other.file, first.settings == other.settings {
            if first.variant != other.variant {
                let variants = [first, other].map { " --variant \(word($0.variant ?? "base"))" }.joined()
                return "gale compare \(word(plan))\(variants)\(simulate) --trials \(count)"
            }
            if first.target != other.target, !first.isSimulated {
                return "gale compare \(word(plan)) --target a=\(word(first.target)) --target b=\(word(other.target)) "
                    + "--trials \(count)"
            }
        }
        if let one = first.file, let two = other.file, one != two {
            return "gale compare \(word(one)) \(word(two))\(simulate) --trials \(count)"
        }
        // What differs is not in the plan: the builds must take turns, and START stands for what starts one of them.
        let turn = "[ $((i % 2)) = 0 ] && order='a b' || order='b a'; for build in $order; do"
        let run = "\(verb) \(word(first.file ?? first.target)) --seed $i --out $build/$i"
        return "for i in $(seq \(count)); do \(turn) START $build; \(run); done; done; gale diff a b"
    }

    /// As a shell reads it.
    private static func word(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "-_./=:,%+".utf8.contains(byte)
            }
        }
        guard !plain || word.isEmpty else { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
