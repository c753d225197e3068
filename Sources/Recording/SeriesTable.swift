/// Which series a run records, each with a fixed place: a recording is an array access.
package struct SeriesTable: Sendable {
    /// Every series that clients record, by place. `response` and `service` are not among them: they are the sums of
    /// their steps.
    package let names: [SeriesName]
    package let stepCount: Int

    /// - Parameter steps: the steps that can be measured, in the plan's order.
    package init(steps: [(scenario: String, step: String)]) {
        stepCount = steps.count
        names =
            steps.flatMap { step -> [SeriesName] in
                [
                    .stepResponse(scenario: step.scenario, step: step.step),
                    .stepService(scenario: step.scenario, step: step.step),
                ]
            } + [.sendLag, .dns, .connect, .tls, .firstByte, .transfer, .warmUpResponse, .warmUpService]
    }

    package func response(of step: Int) -> Int { 2 * step }
    package func service(of step: Int) -> Int { 2 * step + 1 }
    package var sendLag: Int { 2 * stepCount }
    package var dns: Int { 2 * stepCount + 1 }
    package var connect: Int { 2 * stepCount + 2 }
    package var tls: Int { 2 * stepCount + 3 }
    package var firstByte: Int { 2 * stepCount + 4 }
    package var transfer: Int { 2 * stepCount + 5 }
    package var warmUpResponse: Int { 2 * stepCount + 6 }
    package var warmUpService: Int { 2 * stepCount + 7 }
}
