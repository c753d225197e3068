import Core
import Model
import Testing

/// What a service answers, as values.
@Suite struct ReplyBookTests {
    private func book(_ change: (inout ServiceDescription) -> Void = { _ in }) -> ReplyBook {
        var service = ServiceDescription(name: "shop")
        change(&service)
        return ReplyBook(service)
    }

    private func lines(_ reply: Reply) -> [String] { reply.headers.map { "\($0.name): \($0.value)" } }

    @Test func theGoodReplyIsATextOfItsBytes() {
        let reply = book {
            $0.status = 201
            $0.bodyBytes = 70
        }.good
        #expect(reply.status == 201)
        #expect(lines(reply) == ["Server: gale-lab", "Content-Type: text/plain", "Content-Length: 70"])
        #expect(reply.body.count == 70)
        #expect(reply.body.suffix(6).elementsEqual(reply.body.prefix(6)))
    }

    @Test(arguments: [Int32(204), 304])
    func aStatusWithoutABodyHasNoneAndNoLength(status: Int32) {
        let reply = book { $0.status = status }.good
        #expect(lines(reply) == ["Server: gale-lab"])
        #expect(reply.body.isEmpty)
    }

    @Test func theBusyReplyIs503() {
        let reply = book().busy
        #expect(reply.status == 503)
        #expect(reply.body == Array("The queue is full.\n".utf8))
    }

    @Test func aReportOfTheLoadStandsInAHeader() {
        var meter = LoadMeter(workers: 4)
        meter.answered(busy: 2, at: Instant(nanoseconds: 1))
        let reply = book().good(load: meter)
        #expect(lines(reply).contains("endpoint-load-metrics: \(meter.text)"))
        #expect(reply.body == book().good.body)
    }

    @Test func aLoadIsTheSameAsBusyWorkersAndAsTheirShare() {
        var (byWorkers, byShare) = (LoadMeter(workers: 8), LoadMeter(workers: 8))
        for second in 1...5 {
            byWorkers.answered(busy: second, at: Instant(nanoseconds: Int64(second) * 1_000_000_000))
            byShare.answered(utilisation: Double(second) / 8, at: Instant(nanoseconds: Int64(second) * 1_000_000_000))
        }
        #expect(byWorkers.text == byShare.text)
        #expect(byWorkers.utilisation > 0.5)
    }

    @Test(arguments: [
        (FaultKind.status(500), Int32(500)), (.delay(.seconds(1)), 200), (.closeAfter, 200),
        (.trickle(every: .seconds(1)), 200), (.redirectLoop, 302), (.redirect(location: "/x"), 302),
        (.truncateGzip, 200), (.corruptGzip, 200), (.gzipBomb(bytes: 10_000), 200),
    ])
    func aFaultThatIsAWholeAnswerHasAReply(kind: FaultKind, status: Int32) throws {
        let reply = try #require(book().reply(to: kind, path: "/shop?page=2"))
        #expect(reply.status == status)
        #expect(lines(reply).contains("Content-Length: \(reply.body.count)"))
    }

    @Test(arguments: [
        FaultKind.reset, .resetInBody, .close, .stall, .stallInBody, .truncate, .truncateHeaders, .truncateChunked,
        .badStatusLine, .badHeader, .badContentLength, .badChunk, .oversizedHeader(bytes: 9),
        .oversizedHeaders(bytes: 9), .tlsStall, .closeOnAccept,
    ])
    func anyOtherHasNone(kind: FaultKind) {
        #expect(book().reply(to: kind, path: "/") == nil)
    }

    @Test func aRedirectToItselfNamesThePathThatWasAsked() throws {
        let reply = try #require(book().reply(to: .redirectLoop, path: "/shop?page=2"))
        #expect(lines(reply) == ["Server: gale-lab", "Location: /shop?page=2", "Content-Length: 0"])
    }

    @Test func aGzipBombDecodesToItsBytes() throws {
        let reply = try #require(book().reply(to: .gzipBomb(bytes: 3_000_000), path: "/"))
        #expect(reply.body.count < 10_000)
        let plain = Gzip.expand(reply.body, limit: 4_000_000)
        #expect(plain.count == 3_000_000)
        #expect(plain.allSatisfy { $0 == 0 })
    }
}

/// What an echoing service says back.
@Suite struct EchoTests {
    private func text(_ reply: Reply) -> String { String(decoding: reply.body, as: UTF8.self) }

    @Test func aRequestIsSaidBackAsJSON() {
        var echo = Echo(
            method: "POST", target: "/a?b=c%20d&e", headers: [("Content-Type", "application/json"), ("X-A", "\"1\"")])
        echo.add(Array("{\"n\":".utf8))
        echo.add(Array("1}".utf8))
        let reply = echo.reply(id: 7, status: 200)
        #expect(
            text(reply) == #"{"id":7,"method":"POST","path":"/a","query":{"b":"c d","e":""},"#
                + #""headers":{"content-type":"application/json","x-a":"\"1\""},"body":{"n":1}}"#)
        #expect(reply.headers.contains { $0.name == "X-Request-Id" && $0.value == "7" })
        #expect(reply.headers.contains { $0.name == "Content-Length" && $0.value == "\(reply.body.count)" })
    }

    @Test(arguments: [
        ("/?_status=404", Int32(404)), ("/?_status=999", 201), ("/?_status=ok", 201), ("/?_status=204", 204),
    ])
    func aStatusMayBeWishedFor(target: String, status: Int32) {
        let reply = Echo(method: "GET", target: target, headers: []).reply(id: 1, status: 201)
        #expect(reply.status == status)
        #expect(reply.body.isEmpty == (status == 204))
    }

    @Test func aCookieMayBeWishedForButNoSecondHeader() {
        let set = Echo(method: "GET", target: "/?_cookie=a%3D1", headers: []).reply(id: 1, status: 200)
        #expect(set.headers.contains { $0.name == "Set-Cookie" && $0.value == "a=1" })
        let split = Echo(method: "GET", target: "/?_cookie=a%0D%0AX:1", headers: []).reply(id: 1, status: 200)
        #expect(!split.headers.contains { $0.name == "Set-Cookie" })
    }

    @Test func aLongBodyIsSaidBackInPart() {
        var echo = Echo(method: "PUT", target: "/", headers: [])
        for _ in 0..<5 { echo.add([UInt8](repeating: UInt8(ascii: "x"), count: 400_000)) }
        let reply = echo.reply(id: 1, status: 200)
        #expect(reply.body.count { $0 == UInt8(ascii: "x") } == 1 << 20)
    }
}
