import Analysis
import Testing

/// Against values that were computed with 50 digits from the closed forms for whole degrees of freedom (Abramowitz and
/// Stegun 26.7.3 and 26.7.4).
@Suite("Student's t")
struct StudentTests {
    private static let quantiles: [(Double, Int, Double)] = [
        (0.8, 1, 1.3763819204711735), (0.8, 4, 0.9409645772351811), (0.8, 9, 0.8834038596855345),
        (0.8, 1_000, 0.8419808221624285), (0.975, 1, 12.706204736174704), (0.975, 2, 4.3026527297494638),
        (0.975, 3, 3.1824463052837095), (0.975, 4, 2.7764451051977943), (0.975, 7, 2.3646242515927853),
        (0.975, 9, 2.2621571627982055), (0.975, 19, 2.0930240544083097), (0.975, 30, 2.0422724563012383),
        (0.975, 1_000, 1.9623390808264084), (0.99175, 4, 3.9728022769364237), (0.99175, 9, 2.9395053190632717),
        (0.99175, 19, 2.6298012799393584), (0.9995, 1, 636.61924876871961), (0.9995, 5, 6.8688266258811102),
        (0.9995, 100, 3.3904913111642299),
    ]

    @Test("the quantile agrees with 50 digits", arguments: quantiles)
    func quantile(share: Double, degrees: Int, value: Double) {
        let student = StudentT(degrees: degrees)
        #expect((student.quantile(share) / value - 1).magnitude < 1e-9)
        #expect((student.quantile(1 - share) / value + 1).magnitude < 1e-9)
    }

    private static let upperTails: [(Double, Int, Double)] = [
        (0.1, 1, 0.46827448256944643), (0.1, 5, 0.46211507057733018), (0.1, 200, 0.46022224625216052),
        (1, 1, 0.25), (1, 2, 0.21132486540518712), (1, 30, 0.16265430771301495), (2.5, 5, 0.02724504967118812),
        (2.5, 200, 0.0066115863208503955), (10, 2, 0.0049262285116628454), (10, 30, 2.2876257041148066e-11),
        (10, 200, 1.1887415722103796e-19),
    ]

    @Test("both tails agree with 50 digits", arguments: upperTails)
    func tails(t: Double, degrees: Int, upper: Double) {
        let student = StudentT(degrees: degrees)
        #expect((student.upperTail(t) / upper - 1).magnitude < 1e-9)
        #expect((student.cumulative(-t) / upper - 1).magnitude < 1e-9)
        #expect((student.cumulative(t) - (1 - upper)).magnitude < 1e-12)
    }

    @Test("what is far out and what is no number stays a probability")
    func extremes() {
        let student = StudentT(degrees: 3)
        #expect(student.upperTail(.infinity) == 0)
        #expect(student.upperTail(-.infinity) == 1)
        #expect(student.upperTail(1e200) == 0)
        #expect(student.upperTail(0) == 0.5)
        #expect(student.upperTail(.nan).isNaN)
        #expect(student.quantile(0.5) == 0)
    }
}
