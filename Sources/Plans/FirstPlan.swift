/// The plan that `gale init` writes: it runs as it is, against its own lab, and shows with comments how to go on.
package enum FirstPlan {
    /// The name of the file.
    package static let file = "plan.yaml"

    package static let text = #"""
        # A first plan. It runs as it stands, against a small shop that is started with the run:
        #
        #     gale check plan.yaml      what it would do, and every mistake with its place
        #     gale run plan.yaml        do it; the report is in Reports/
        #     gale simulate plan.yaml   the same in virtual time, without a network
        #
        # Lines that begin with `#` and a key show what else there is. `gale schema` makes editors complete keys.

        name: first

        # Where the load goes: a service of the lab below, or a URL.
        target: lab/shop
        # target: https://shop.staging.example
        # allow-hosts: [shop.staging.example]        # needed for hosts beyond this machine and private networks

        # The target that comes with the plan. Remove it when the target is a URL.
        lab:
          services:
            shop:
              time: { p50: 5ms, p99: 20ms }            # half of the requests take 5 ms, one in a hundred more than 20 ms
              body: 2kB
              # faults:
              #   - { fault: status, status: 503, share: 1% }
              #   - { fault: delay, by: 200ms, share: 1% }

        # How much, one phase after the other.
        load:
          - { rate: 50/s, for: 2s, warm-up: true }     # kept apart from the results
          - { rate: 50/s to 100/s, for: 4s }           # a ramp
          - { rate: 100/s, for: 6s, arrivals: poisson }
          # - { rate: 100/s to 1000/s, step: 100/s, every: 30s }
          # - { rate: 500/s, spike: 2000/s, at: 1m, lasts: 10s, for: 3m }
          # - { users: 20, for: 1m, think: 1s }        # closed: each user waits for its answer

        # Values for the steps: `{{product}}` below is one of these.
        data:
          product: { list: [17, 23, 42] }
          # account: { csv: accounts.csv, per: user }
          # quantity: { integer: 1 to 10 }
          # id: { uuid: random }

        # What an arrival does; weights are shares of the arrivals.
        scenarios:
          browse:
            weight: 4
            steps:
              - get: /products
          buy:
            weight: 1
            # think: 1s to 3s                          # after each step
            steps:
              - name: product
                get: /products/{{product}}
                extract:
                  type: { header: Content-Type }       # `{{type}}` from here on
                  # cart: $.id
                  # token: { regex: 'value="([^"]+)"' }
                expect:
                  status: 200
                  # latency: < 500ms
                  # body: { contains: ok, json: { $.total: 17 } }
              - name: order
                post: /orders
                headers: { Accept: "{{type}}" }
                json: { product: "{{product}}", quantity: 1 }
                expect: { status: 2xx }

        # client:
        #   clients: 2                                 # threads that send
        #   timeout: { total: 5s, connect: 500ms }

        # What must hold; otherwise the exit status is 99.
        budgets:
          - p95 < 250ms
          - errors < 1%
          - buy/order: median < 100ms
          # - rate >= 50/s warn                        # only reported

        # Named changes: `gale run plan.yaml --variant staging`, or `--set client.clients=2` for a single one.
        # Values from outside stay out of every report.
        # variants:
        #   staging:
        #     target: https://${env:STAGING_HOST}

        """#
}
