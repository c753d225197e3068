import Arrivals
import Core
import Testing

/// What holds for every curve and every process.
@Suite("A schedule")
struct OpenScheduleTests {
    static let seed: UInt64 = 20_240_601

    @Test("is in order, from the phase's start to before its end", arguments: CurveCase.all, ArrivalProcess.allCases)
    func ordered(_ curve: CurveCase, _ process: ArrivalProcess) {
        let arrivals = Array(schedule(curve, process).cursor())
        #expect(arrivals.map(\.n) == Array(0..<arrivals.count))
        #expect(arrivals.allSatisfy { $0.offset >= .zero && $0.offset < curve.duration })
        #expect(zip(arrivals, arrivals.dropFirst()).allSatisfy { $0.offset <= $1.offset })
    }

    @Test(
        "is the union of its stripes, whatever their number", arguments: CurveCase.all, ArrivalProcess.allCases)
    func stripes(_ curve: CurveCase, _ process: ArrivalProcess) {
        let schedule = schedule(curve, process)
        let whole = Array(schedule.cursor())
        for width in [1, 2, 3, 7, 64] {
            var union: [Arrival] = []
            for index in 0..<width {
                let stripe = Stripe(index, of: width)
                let part = Array(schedule.cursor(stripe))
                #expect(part.allSatisfy { stripe.contains($0.n) })
                #expect(part.count == stripe.count(of: whole.count))
                union += part
            }
            #expect(union.sorted { $0.n < $1.n } == whole, "\(width) stripes")
        }
    }

    @Test("counts its arrivals without walking through them", arguments: CurveCase.all, ArrivalProcess.allCases)
    func count(_ curve: CurveCase, _ process: ArrivalProcess) {
        let schedule = schedule(curve, process)
        #expect(schedule.count == Array(schedule.cursor()).count)
        #expect(schedule.count % curve.size == 0)
    }

    @Test("tells any arrival by its number, to the bit", arguments: CurveCase.all, ArrivalProcess.allCases)
    func randomAccess(_ curve: CurveCase, _ process: ArrivalProcess) {
        let schedule = schedule(curve, process)
        let arrivals = Array(schedule.cursor())
        for arrival in arrivals where arrival.n % 97 == 0 || arrival.n > arrivals.count - 3 {
            #expect(schedule.offset(of: arrival.n) == arrival.offset)
        }
        #expect(schedule.offset(of: arrivals.count) == nil)
        #expect(schedule.offset(of: .max) == nil)
    }

    @Test("stays finished", arguments: CurveCase.all, ArrivalProcess.allCases)
    func exhausted(_ curve: CurveCase, _ process: ArrivalProcess) {
        var cursor = schedule(curve, process).cursor(Stripe(2, of: 3))
        while cursor.next() != nil {}
        for _ in 0..<10 { #expect(cursor.next() == nil) }
    }

    @Test("is the same for the same seed; Poisson arrivals differ for another", arguments: CurveCase.all)
    func seeds(_ curve: CurveCase) {
        for process in ArrivalProcess.allCases {
            let first = Array(schedule(curve, process, seed: 1).cursor())
            #expect(first == Array(schedule(curve, process, seed: 1).cursor()))
            let other = Array(schedule(curve, process, seed: 2).cursor())
            let otherPhase = Array(schedule(curve, process, seed: 1, phase: 1).cursor())
            let differs = process == .poisson && curve.intensity.total > 0
            #expect((first != other) == differs)
            #expect((first != otherPhase) == differs)
        }
    }

    @Test("of regular arrivals has as many as the integral, rounded up to whole bursts", arguments: CurveCase.all)
    func regularCount(_ curve: CurveCase) {
        let schedule = schedule(curve, .regular)
        #expect(schedule.expectedCount == curve.intensity.total)
        #expect(Double(schedule.count) >= schedule.expectedCount - 1e-6)
        #expect(Double(schedule.count) < schedule.expectedCount + Double(curve.size) + 1e-6)
    }

    @Test("of regular arrivals keeps up with the integral at every moment", arguments: CurveCase.all)
    func regularPace(_ curve: CurveCase) {
        let intensity = curve.intensity
        let wrong = Array(schedule(curve, .regular).cursor()).filter { arrival in
            let due = intensity.cumulative(at: arrival.offset.seconds)
            // An offset is rounded to the nanosecond, so Λ is off by what arrives in half of one.
            return abs(due - Double(arrival.n - arrival.n % curve.size)) > 1e-5
        }
        #expect(wrong == [])
    }

    private func schedule(
        _ curve: CurveCase, _ process: ArrivalProcess, seed: UInt64 = seed, phase: Int = 0
    ) -> OpenSchedule {
        OpenSchedule(curve.curve, process, for: curve.duration, seed: seed, phase: phase)
    }
}
