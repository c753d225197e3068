import Recording
import Testing

@Suite struct SeriesNameTests {
    @Test(arguments: [
        (SeriesName.response, "response"), (.service, "service"), (.sendLag, "send-lag"),
        (.firstByte, "phase/first-byte"),
        (.warmUpService, "warm-up/service"), (.stepResponse(scenario: "buy", step: "pay"), "response/buy/pay"),
        (.stepService(scenario: "a,b", step: "c d"), "service/a_b/c_d"),
        (.stepResponse(scenario: "x\r\ny", step: "#1=\"z\"\n\u{7f}"), "response/x__y/_1__z___"),
        (.stepResponse(scenario: "상점", step: "é"), "response/상점/é"),
    ])
    func `a tag is the name without what would break a line of the log`(series: SeriesName, tag: String) {
        #expect(series.tag == tag)
    }
}
