import Arrivals
import Core
import Engine
import Loops
import Plans
import Recording
import Transport
import Glibc

signal(SIGPIPE, SIG_IGN)
try CurlLibrary.start()
let arg = CommandLine.arguments
let url = arg[1], mode = arg[2], n = Int(arg[3])!, secs = Int64(arg[4])!
let shape: LoadShape = mode == "users" ? .closed(.constant(n), think: .zero, until: .after(.seconds(secs))) : .open(.constant(Rate(perSecond: Double(n))), arrivals: .regular, for: .seconds(secs))
let plan = Plan(name: "spike", target: .url(url), load: [LoadPhase(shape)], scenarios: [Scenario(name: "s", steps: [Step(name: "a", path: "/")])])
let program = LoadProgram(plan, base: url, seed: 1)
var loops: [any Loop] = []
for i in 0..<1 { let l = try EpollLoop(name: "loop-\(i)"); l.start(); loops.append(l) }
let run = LoadRun<CurlTransport>(program, on: loops) { CurlTransport(loop: $0 as! EpollLoop, settings: .init()) }
nonisolated(unsafe) var lag = LatencyHistogram()
nonisolated(unsafe) var resp = LatencyHistogram()
nonisolated(unsafe) var svc = LatencyHistogram()
let r = try await run.execute(stop: StopSwitch()) { c in
    lag.add(c.counts.histograms[program.series.sendLag]); resp.add(c.response); svc.add(c.service)
}
var u = rusage()
getrusage(0, &u)
let user = Double(u.ru_utime.tv_sec) * 1e6 + Double(u.ru_utime.tv_usec), sys = Double(u.ru_stime.tv_sec) * 1e6 + Double(u.ru_stime.tv_usec)
let d = Double(r.totals.ledger.made)
print("made \(r.totals.ledger.made) failed \(r.totals.ledger.failed) rate \((d / r.total.seconds).fixed(0))/s cpu \(((user+sys) / d).fixed(2)) user \((user/d).fixed(2)) rss \(u.ru_maxrss) kB share \(r.phases.map(\.busiestLoop)) \(r.totals.ledger.contradictions)")
print("lag p50 \(lag.value(atPercentile: 50)) p99 \(lag.value(atPercentile: 99)) max \(lag.max)  response p50 \(resp.value(atPercentile: 50)) p99 \(resp.value(atPercentile: 99)) max \(resp.max); service p50 \(svc.value(atPercentile: 50)) p99 \(svc.value(atPercentile: 99))")
