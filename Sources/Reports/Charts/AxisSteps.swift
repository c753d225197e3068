import Analysis
import Core

/// Where the ticks of an axis stand: at 1, 2 and 5 times a power of ten, at whole units of time, at nines.
enum AxisSteps {
    /// The least of … 0.1, 0.2, 0.5, 1, 2, 5, 10 … that is not below the value.
    /// - Parameter value: above 0 and finite.
    static func round(atLeast value: Double) -> Double {
        var power = powerOfTen(notAbove: value)
        for _ in 0..<2 {
            for factor in [1.0, 2, 5] where factor * power >= value * (1 - 1e-9) { return factor * power }
            power *= 10
        }
        return value
    }

    /// The greatest of them that is not above the value.
    static func roundDown(_ value: Double) -> Double {
        let power = powerOfTen(notAbove: value)
        return [5.0, 2, 1].first { $0 * power <= value * (1 + 1e-9) }.map { $0 * power } ?? power
    }

    private static func powerOfTen(notAbove value: Double) -> Double {
        var power = 1.0
        while power > value, power > 1e-12 { power /= 10 }
        while power * 10 <= value, power < 1e15 { power *= 10 }
        return power
    }

    static func linear(from low: Double, to high: Double, atMost most: Int) -> [Axis.Tick] {
        let step = round(atLeast: (high - low) / Double(max(2, most)))
        return multiples(of: step, from: low, to: high).map { Axis.Tick(value: $0, label: number($0, step: step)) }
    }

    /// Seconds, minutes and hours that a clock has.
    static func time(from low: Double, to high: Double, atMost most: Int) -> [Axis.Tick] {
        let least = (high - low) / Double(max(2, most))
        let steps: [Double] = [
            0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200,
            86_400,
        ]
        let step = steps.first { $0 >= least } ?? 86_400 * round(atLeast: least / 86_400)
        return multiples(of: step, from: low, to: high).map { value in
            Axis.Tick(value: value, label: time(value, until: high, step: step))
        }
    }

    private static func time(_ value: Double, until high: Double, step: Double) -> String {
        if high < 120 { return number(value, step: step) }
        let whole = Int(value.rounded())
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        if high < 7_200 { return "\(whole / 60):\(two(whole % 60))" }
        return "\(Figures.count(whole / 3_600)):\(two(whole / 60 % 60))"
    }

    /// Every 1, 2 and 5; where these are too many, powers of ten alone are named.
    static func logarithmic(from low: Double, to high: Double, atMost most: Int) -> [Axis.Tick] {
        var values: [(value: Double, factor: Double)] = []
        var power = powerOfTen(notAbove: low)
        while power <= high * (1 + 1e-9), values.count < 100 {
            for factor in [1.0, 2, 5] {
                let value = factor * power
                if value >= low * (1 - 1e-9), value <= high * (1 + 1e-9) { values.append((value, factor)) }
            }
            power *= 10
        }
        let powers = values.filter { $0.factor == 1 }.count
        let namesAll = values.count <= most
        // Of very many powers every second, or third, is named.
        let every = max(1, (powers + max(2, most) - 1) / max(2, most))
        var seen = 0
        return values.map { value, factor in
            if factor == 1 { seen += 1 }
            let isNamed = namesAll || (factor == 1 && (seen - 1) % every == 0) || (powers < 2 && factor != 5)
            return Axis.Tick(value: value, label: isNamed ? number(value, step: value) : "")
        }
    }

    /// 0, 50, 90, 99, 99.9 and so on; 75 and 95 where there is room.
    static func percentile(to high: Double, atMost most: Int) -> [Axis.Tick] {
        // A thousand samples end at 99.9, whatever their logarithm is rounded to.
        let nines = Int((high + 1e-9).rounded(.down))
        let between = nines + 3 <= most
        var ticks = [Axis.Tick(value: 0, label: "0"), Axis.Tick(value: PercentileCurve.place(of: 50), label: "50")]
        ticks.append(Axis.Tick(value: PercentileCurve.place(of: 75), label: ""))
        for nine in 1...max(1, min(nines, 15)) where Double(nine) <= high + 1e-9 {
            let name = nine == 1 ? "90" : nine == 2 ? "99" : "99." + String(repeating: "9", count: nine - 2)
            ticks.append(Axis.Tick(value: Double(nine), label: name))
            let half = Double(nine) + PercentileCurve.place(of: 50)
            if half < high { ticks.append(Axis.Tick(value: half, label: between && nine == 1 ? "95" : "")) }
        }
        return ticks
    }

    private static func multiples(of step: Double, from low: Double, to high: Double) -> [Double] {
        guard step > 0, (high - low) / step < 1_000 else { return [] }
        let first = (low / step - 1e-9).rounded(.up)
        let last = (high / step + 1e-9).rounded(.down)
        guard first <= last else { return [] }
        return stride(from: first, through: last, by: 1).map { $0 * step }
    }

    /// With as many decimals as the step needs: `0.25`, `12`, `1,500`, `2 M`.
    static func number(_ value: Double, step: Double) -> String {
        if value.magnitude >= 1e6 { return "\((value / 1e6).trimmed(3)) M" }
        if step >= 1 || value == 0 { return Figures.count(Int(value.rounded())) }
        var (places, scaled) = (0, step)
        while scaled < 0.999_999, places < 9 { (places, scaled) = (places + 1, scaled * 10) }
        return value.fixed(places)
    }
}
