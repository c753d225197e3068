import Analysis
import Core
import Testing

@Suite("Figures read as people write them")
struct FiguresTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (29_998, "29,998"), (1_234_567, "1,234,567"), (-1_234, "-1,234"),
    ])
    func counts(value: Int, text: String) { #expect(Figures.count(value) == text) }

    @Test(arguments: [
        (0, "0 %"), (0.00001, "<0.01 %"), (0.0012, "0.12 %"), (0.015, "1.5 %"), (0.37, "37 %"), (0.9876, "98.8 %"),
        (0.996, "99.6 %"), (0.99999, ">99.99 %"), (1, "100 %"), (-0.02, "-2 %"), (.infinity, "–"), (.nan, "–"),
    ])
    func shares(value: Double, text: String) { #expect(Figures.share(value) == text) }

    @Test(arguments: [
        (0, "0"), (12, "12"), (340.5, "340.5"), (-3, "-3"), (-1_234.567, "-1,234.57"), (1_234_567.891, "1,234,567.89"),
        (0.001, "0.001"), (12.3456, "12.346"), (99.9996, "100"), (0.000_000_1, "1e-07"), (1e20, "1e+20"),
        (.infinity, "–"), (.nan, "–"),
    ])
    func amounts(value: Double, text: String) { #expect(Figures.amount(value) == text) }

    @Test(arguments: [
        (0, "0/s"), (12.5, "12.5/s"), (0.001, "0.001/s"), (1_998.4, "1,998/s"), (-6, "-6/s"), (1e20, "1e+20/s"),
    ])
    func ratesOfAmounts(value: Double, text: String) { #expect(Figures.amountRate(value) == text) }

    @Test("A share of something is never printed as nothing, nor nearly all as all", arguments: 1...9)
    func shareIsNeverRoundedAway(decimals: Int) {
        var small = 1.0
        for _ in 0..<decimals { small /= 10 }
        #expect(Figures.share(small) != "0 %")
        #expect(Figures.share(1 - small) != "100 %")
    }

    @Test(arguments: [
        (0, "0.000"), (412_000, "0.412"), (999_600, "1.00"), (1_250_000, "1.25"), (9_996_000, "10.0"),
        (12_500_000, "12.5"), (99_960_000, "100"), (1_250_000_000, "1,250"), (-1_250_000, "-1.25"),
    ])
    func milliseconds(nanoseconds: Int64, text: String) {
        #expect(Figures.milliseconds(.nanoseconds(nanoseconds)) == text)
    }

    @Test(arguments: [
        (0, "0/s"), (0.5, "0.5/s"), (12.5, "12.5/s"), (99.96, "100/s"), (1_998.4, "1,998/s"), (.infinity, "–"),
    ])
    func rates(value: Double, text: String) { #expect(Figures.rate(value) == text) }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1_250, "1.25 kB"), (38_200_000, "38.2 MB"), (999_600, "1.00 MB"),
        (8_000_000_000, "8.00 GB"),
    ])
    func bytes(value: Int, text: String) { #expect(Figures.bytes(value) == text) }

    @Test(arguments: [(0, "0 s"), (5, "5 s"), (12.5, "12.5 s"), (0.00125, "1.25 ms"), (119, "119 s"), (125, "2m 5s")])
    func seconds(value: Double, text: String) { #expect(Figures.seconds(value) == text) }
}
