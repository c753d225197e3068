"""What the language of plans costs: the same bytes on the wire, with and without work on them."""

import math

from context import Bench
from measure import Spread, ratios, rounds
from peers import PEERS, read_bundle
from report import Bar, Section

# Both send the same number of bytes to the same place and get the same answer.
PLAIN = """
name: plain
target: {target}
load: [{{ users: 50, for: {seconds}s }}]
scenarios:
  main:
    - post: /products/0017/order?colour=green
      headers: {{ Authorization: Bearer 0f8e3c1d, X-Customer: a7c10000 }}
      json: {{ product: 1017, name: green shoe, token: 0f8e3c1d }}
"""
JOURNEY = """
name: journey
target: {target}
load: [{{ users: 50, for: {seconds}s }}]
data:
  product: {{ list: [{{ id: 1017, path: "0017", colour: green }}, {{ id: 1018, path: "0018", colour: black }}] }}
  token: {{ string: 8, of: hex }}
  customer: {{ string: 8, of: hex }}
scenarios:
  main:
    - post: "/products/{{{{product.path}}}}/order?colour={{{{product.colour}}}}"
      headers: {{ Authorization: "Bearer {{{{token}}}}", X-Customer: "{{{{customer}}}}" }}
      json: {{ product: "{{{{product.id}}}}", name: "{{{{product.colour}}}} shoe", token: "{{{{token}}}}" }}
      extract: {{ order: $.order.id, last: "$.items[1].price" }}
      expect: {{ status: 200, body: {{ json: {{ $.total: 64.40 }} }}, latency: < 10s }}
"""


def compare(bench: Bench, section: Section) -> None:
    section.bars = [Bar("a journey's step to the plain request", math.nan, 1.25, "")]
    plans = {}
    for name, text in (("plain", PLAIN), ("journey", JOURNEY)):
        plans[name] = bench.folder / f"{name}.yaml"
        plans[name].write_text(text.format(target=bench.target.journey_url, seconds=bench.seconds))
    costs: dict[str, list[float]] = {name: [] for name in plans}
    sizes, failed = {}, dict.fromkeys(plans, 0)
    for index, name in rounds(list(plans), bench.rounds):
        bench.progress(f"round {index + 1} of {bench.rounds}: {name}")
        usage = bench.run_gale(str(plans[name]), seconds=bench.seconds)
        bundle = read_bundle(bench.bundle)
        count = PEERS["gale"].count(usage, bench.bundle)
        costs[name].append(usage.cpu * 1e6 / count.requests)
        failed[name] += bundle.failed
        sizes[name] = bundle.bytes_sent / count.requests
    section.table(("request", "CPU µs/request", "to the plain one", "bytes sent", "failed"),
                  [(name, Spread.of(costs[name]).text(1), ratios(costs[name], costs["plain"]).text(2),
                    f"{sizes[name]:.0f}", str(failed[name])) for name in plans])
    section.bars[0].figure = ratios(costs["journey"], costs["plain"]).median
