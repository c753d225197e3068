import Core

/// How a search for the highest rate goes about it. All rates are arrivals per second, all times are seconds.
package struct SearchSettings: Hashable, Sendable, Codable {
    /// Where it begins; more than 0.
    package var start: Double
    /// The search does not go above; at least `start`.
    package var highest: Double
    /// When the first rates break the budgets, the search goes down to here and no further; at most `start`.
    package var lowest: Double
    /// By which factor it goes up until a rate breaks the budgets, and down until one keeps them; more than 1.
    package var growth = 1.5
    /// It is narrowed down to that share of the rate; 0.005 to 0.5. When a confirmation fails, the search steps down by the same
    /// share, when another fails by twice as much, and so on.
    package var precision = 0.02
    /// Measured time of one probe, warm-up aside.
    package var probeSeconds = 30.0
    /// Calls with which a run has seen enough: at rates that make them sooner it is shorter, down to a sixth of its time. Nil:
    /// each run has its whole time, since over a network what is slow to show takes time and not calls.
    package var mostCalls: Double?
    /// An undecided probe is extended by runs of the same length to at most so many.
    package var mostParts = 4
    /// Length of the batches whose spread says how sure a share is; a probe has at least two.
    package var batchSeconds = 5.0
    /// Runs of a confirmation, and the measured time of each.
    package var confirmRuns = 4
    package var confirmSeconds = 30.0
    /// Goes before every run, and is in no figure.
    package var warmUpSeconds = 5.0
    /// Of the claim; 0.5 to below 1.
    package var confidence = 0.95
    /// Confirmations that may fail before the search gives up.
    package var mostConfirmations = 6
    /// Runs of any kind.
    package var mostProbes = 60

    /// - Parameters:
    ///   - start: where to begin.
    ///   - highest: 1,000,000/s unless given.
    ///   - lowest: a hundredth of `start` unless given.
    package init(start: Double, highest: Double = 1_000_000, lowest: Double? = nil) {
        self.start = start
        self.highest = highest
        self.lowest = lowest ?? start / 100
    }

    /// Measured time of a run at that rate, which would have `whole` seconds; whole seconds, as counts are by second.
    package func seconds(of whole: Double, at rate: Double) -> Double {
        guard let mostCalls, rate > 0 else { return whole }
        return min(whole, max(whole / 6, mostCalls / rate).rounded(.up))
    }

    /// Batches of a run that is so long: six at least, as far as they have a second each.
    package func batchSeconds(of seconds: Double) -> Double {
        max(min(1, batchSeconds), min(batchSeconds, seconds / 6))
    }

    /// The warm-up of a run: as much shorter as the run is.
    package func warmUpSeconds(of probe: SearchProbe) -> Double {
        let whole = probe.purpose == .confirm ? confirmSeconds : probeSeconds
        return whole > 0 ? warmUpSeconds * min(1, probe.seconds / whole) : warmUpSeconds
    }

    /// The share of cases in which the claim may be wrong.
    package var alpha: Double { 1 - confidence }

    /// One rule, and whether it is kept.
    private struct Rule {
        var name: String
        var value: String
        var holds: Bool
        var words: String

        init(_ name: String, _ value: String, _ holds: Bool, _ words: String) {
            (self.name, self.value, self.holds, self.words) = (name, value, holds, words)
        }
    }

    /// What is wrong with the settings, in words that name the setting, the rule and the remedy; nil for settings that work.
    package var problem: String? {
        let rates = [start, highest, lowest]
        guard rates.allSatisfy({ $0.isFinite && $0 > 0 && $0 < 1e9 }) else {
            return "the rates of a search have to be more than 0/s and less than 1,000,000,000/s"
        }
        let times = [probeSeconds, batchSeconds, confirmSeconds, warmUpSeconds]
        guard times.allSatisfy({ $0.isFinite && $0 >= 0 && $0 < 1e6 }) else {
            return "the times of a search have to be between 0 s and 1,000,000 s"
        }
        guard let broken = rules.first(where: { !$0.holds }) else { return nil }
        return "\(broken.name) is `\(broken.value)`, but it has to be \(broken.words)"
    }

    private var rules: [Rule] {
        let first = Figures.rate(start)
        let least = Figures.seconds(2 * batchSeconds)
        let confirmed = confirmSeconds * Double(max(1, confirmRuns))
        var rules = [
            Rule("the highest rate", Figures.rate(highest), highest >= start, "at least the first one, \(first)"),
            Rule("the lowest rate", Figures.rate(lowest), lowest <= start, "at most the first one, \(first)"),
        ]
        rules.append(Rule("growth", growth.trimmed(3), growth >= 1.01 && growth <= 10, "between 1.01 and 10"))
        rules.append(
            Rule(
                "the precision", Figures.share(precision), precision >= 0.005 && precision <= 0.5,
                "between 0.5 % and 50 %"))
        rules.append(Rule("a batch", Figures.seconds(batchSeconds), batchSeconds > 0, "longer than 0 s"))
        rules.append(
            Rule(
                "a probe", Figures.seconds(probeSeconds), probeSeconds >= 2 * batchSeconds,
                "at least two batches long, \(least)"))
        rules.append(
            Rule(
                "a run of the confirmation", Figures.seconds(confirmSeconds),
                confirmed >= 2 * batchSeconds && confirmSeconds > 0,
                "so long that all of them have two batches, \(least)"))
        rules.append(
            Rule(
                "the confidence", Figures.share(confidence), confidence >= 0.5 && confidence < 0.99999,
                "between 50 % and 99.999 %"))
        func count(_ name: String, _ value: Int, _ most: Int) -> Rule {
            Rule(
                "the number of \(name)", Figures.count(value), value >= 1 && value <= most,
                "1 to \(Figures.count(most))")
        }
        return rules + [
            count("runs of a probe", mostParts, 100), count("runs of a confirmation", confirmRuns, 100),
            count("confirmations", mostConfirmations, 50), count("probes", mostProbes, 10_000),
        ]
    }

    /// α of the k-th confirmation, k from 1 on: a third of what the ones before have left.
    ///
    /// A confirmation that fails is followed by another one at a lower rate, and each is a chance to be wrong. What they spend adds
    /// up to α at most, however many there are, so they are all together wrong in at most α of all searches (Bonferroni).
    package func alpha(ofConfirmation number: Int) -> Double {
        var left = alpha
        for _ in 0..<max(0, min(number, 200) - 1) { left *= 2.0 / 3 }
        return left / 3
    }

    /// What a search of so many probes and one confirmation takes, in seconds of the load's own time.
    package func seconds(probes: Int) -> Double {
        Double(probes) * (warmUpSeconds + probeSeconds) + Double(confirmRuns) * (warmUpSeconds + confirmSeconds)
    }
}
