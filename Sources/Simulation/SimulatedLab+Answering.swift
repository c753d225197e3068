import Core
import Model

/// Back at the client: answers arrive, redirects are followed, and the request ends.
extension SimulatedLab {
    /// The service has done with a request, and this is what its client will see.
    func answer(_ flight: Int, _ outcome: FaultOutcome, at now: Instant) {
        flights[flight].stage = .answered
        flights[flight].job = nil
        // The client's farewell is under way and finds nothing to end.
        guard flights[flight].isWanted else { return free(flight) }
        flights[flight].outcome = outcome
        let back = services[Int(flights[flight].listener)].network.travel()
        if back == .zero { delivered(flight, at: now) } else { schedule(.delivers, of: flight, at: now + back) }
    }

    /// The service has nothing to do any more with a request whose client is gone.
    func isDone(_ flight: Int) {
        free(flight)
    }

    /// The first line of an answer is there that is long in coming.
    func begins(_ flight: Int, at now: Instant) {
        guard flights[flight].isWanted, flights[flight].attempt.firstByte == .unset else { return }
        flights[flight].attempt.firstByte = now
        flights[flight].attempt.status = flights[flight].outcome.answer?.status ?? 0
    }

    /// The answer is there, or the end of the connection instead of it.
    func delivered(_ flight: Int, at now: Instant) {
        var outcome = flights[flight].outcome
        let heardBefore = flights[flight].attempt.firstByte != .unset
        if outcome.isUnheard, !heardBefore, flights[flight].isReused { return sendAgain(flight, at: now) }
        let client = Int(flights[flight].client)
        let longest = clients[client].maximumBodyBytes
        if let answer = outcome.answer {
            if !heardBefore { flights[flight].attempt.firstByte = now }
            flights[flight].attempt.status = answer.status
            flights[flight].attempt.retryAfter = answer.retryAfter
            if outcome.failure == nil, !answer.isGzip, outcome.bodyBytes > longest {
                outcome.failure = .too_large
                outcome.bodyBytes = longest + 1
                outcome.keeps = false
            }
            if let exchange = flights[flight].exchange { Self.fill(exchange, with: answer, outcome) }
        }
        flights[flight].attempt.bytesReceived += Int64(outcome.headBytes + outcome.bodyBytes)
        letGo(of: flight, keeps: outcome.keeps, at: now)
        if outcome.failure == nil, clients[client].redirects > 0, let location = outcome.answer?.location {
            return follow(location, of: flight, limit: clients[client].redirects, at: now)
        }
        end(flight, outcome.failure, at: now)
    }

    /// Leaves the response in an exchange, within its limits.
    private static func fill(_ exchange: Exchange, with answer: SimulatedAnswer, _ outcome: FaultOutcome) {
        exchange.forgetResponse()
        if exchange.keepsHeaders {
            exchange.responseHeaders.append(contentsOf: answer.lines)
            // The last line of a head that is whole.
            if outcome.headBytes >= answer.headBytes(keeps: outcome.saysKeep) {
                exchange.responseHeaders.append(
                    contentsOf: SimulatedAnswer.connectionLine(keeps: outcome.saysKeep).utf8)
            }
        }
        guard outcome.bodyBytes > 0 else { return }
        if answer.isGzip {
            // A body that is no gzip leaves nothing.
            guard outcome.failure != .bad_encoding else { return }
            let decoded = Gzip.expand(answer.body, limit: longestDecoded)
            decoded.withUnsafeBufferPointer { exchange.keep($0) }
        } else {
            answer.body.withUnsafeBufferPointer {
                exchange.keep(UnsafeBufferPointer(rebasing: $0.prefix(outcome.bodyBytes)))
            }
        }
    }

    /// Of a compressed body, no more is decoded than this.
    private static let longestDecoded = 16 << 20

    // MARK: Once more

    /// The connection had carried requests before and ended without a word: libcurl takes that for a race with the
    /// server's closing, and sends the request again, at most so many times.
    private static let mostRetries = 5

    private func sendAgain(_ flight: Int, at now: Instant) {
        letGo(of: flight, keeps: false, at: now)
        guard flights[flight].retries < Self.mostRetries else { return end(flight, .send_failed, at: now) }
        flights[flight].retries += 1
        goOn(flight, at: now)
    }

    /// The next request of a flight goes out in this instant, but not on this stack: a chain may be long.
    private func goOn(_ flight: Int, at now: Instant) {
        callOffEvents(of: flight)
        flights[flight].stage = .goingOn
        schedule(.goesOn, of: flight, at: now)
    }

    /// Sends on to where a redirect points.
    private func follow(_ location: String, of flight: Int, limit: Int, at now: Instant) {
        let request = flights[flight].request!
        let url = Location.resolve(location, from: request.request.url)
        let status = flights[flight].attempt.status
        switch request.request.hop(to: url, status: status, after: request.hops, limit: limit) {
        case .failure(let refusal): end(flight, refusal.kind, at: now)
        case .success(let next):
            guard let hop = try? SimulatedRequest(next, hops: request.hops + 1) else {
                return end(flight, .redirect_refused, at: now)
            }
            let origin = flights[flight].origin ?? request.request.origin
            let client = Int(flights[flight].client)
            let way = next.origin == origin ? Int(flights[flight].firstWay) : directWay(of: client, to: hop.authority)
            flights[flight].origin = origin
            flights[flight].request = hop
            flights[flight].varies = false
            flights[flight].way = Int32(way)
            flights[flight].requestsSent = 0
            flights[flight].retries = 0
            flights[flight].attempt.status = 0
            flights[flight].attempt.firstByte = .unset
            flights[flight].attempt.retryAfter = 0
            goOn(flight, at: now)
        }
    }

    // MARK: The end

    /// The request has come to its end on both sides.
    func end(_ flight: Int, _ failure: FailureKind?, at now: Instant) {
        flights[flight].attempt.failure = failure
        resume(flight, at: now)
        free(flight)
    }

    /// Hands the attempt to whoever waits for it.
    func resume(_ flight: Int, at now: Instant) {
        letGo(of: flight, keeps: false, at: now)
        clearDeadline(of: flight)
        flights[flight].attempt.end = now
        if let handle = flights[flight].handle {
            handle.transfer = -1
            handle.requestGoesOut = nil
            flights[flight].handle = nil
        }
        flights[flight].exchange = nil
        guard let continuation = flights[flight].continuation else { return }
        flights[flight].continuation = nil
        continuation.resume(returning: flights[flight].attempt)
    }
}
