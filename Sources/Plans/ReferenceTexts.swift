import Core
import Flows

/// The parts of the reference that belong to no key: the small languages in texts, and what is done before keys are read.
enum ReferenceTexts {
    static var all: [String] {
        [places, conditions, paths, patterns, budgets, outside, changes]
    }

    static let places = """
        ## Places for values

        `{{name}}` in a text is a place for a value: of a data source (`{{colour}}`, `{{product.id}}`), or one that a step has
        extracted (`{{cart}}`). Blanks around the name do not matter. The text `{{` itself is `{{'{{'}}`: a text in single
        quotes stands for itself. In the braces of YAML, and at the beginning of a value, such a text needs quotes:
        `{ Authorization: "Bearer {{token}}" }`.

        Every name must come from somewhere: from `data`, from `setup`, or from an `extract` of the same scenario. A call whose
        text has a place without a value, because its step has not been made, is not sent and fails as `missing_value`.

        | where | how the value is written |
        |---|---|
        | path | percent-encoded, but `/`, `?`, `&`, `=`, `%` and other signs of a URL stay: a whole link can be a value |
        | `query`, `form`, their values | percent-encoded, all but letters, digits and `-._~` |
        | `json` | a value that is one place and nothing else keeps its type: `{ id: "{{product.id}}" }` sends `{"id":17}` when the value is the number 17; within a longer text it is part of the text |
        | header, cookie, `method` | as it is; with a line break in it the call fails as `unsendable_value` |
        | `text`, `multipart` | as it is |

        A value has a type. Values of `csv`, `choice`, `string`, `uuid` and `timestamp: iso` are texts, and so is what comes from a
        regular expression, a header or a cookie; other generators give numbers. What comes from JSON (`json-lines`, JSONPath) is
        what it is there, and a value of `list` or `default` is what it would be in JSON: `17` a number, `"17"` a text.

        """

    static let conditions = """
        ## Conditions

        `if` and `while` take a condition, such as `status == 200 and cart`.

        | part | what it is |
        |---|---|
        | value | a name, a number (`-12.5`), `true`, `false`, `null`, a text in single or double quotes (a quote within is doubled) |
        | `status` | the status of the last response of this user; 0 when there was none |
        | `==` `!=` `<` `<=` `>` `>=` | compares two values: as numbers when both are numbers or read as such, else as texts, byte by byte |
        | `contains` | whether the right text is part of the left one |
        | `matches` | whether a [regular expression](#regular-expressions) in quotes is found in the left text |
        | a value alone | true unless it has no value or is empty, `false`, `null` or 0 |
        | `not`, `and`, `or` | bind in this order; parentheses group |

        A name that has no value is different from everything: every comparison with it is false, but `!=` is true. So
        `cart != ''` holds when nothing was extracted; write `cart` alone to ask whether it has a value. A condition has at most
        \(Condition.lengthLimit.grouped) bytes. In YAML, a condition that begins with a quote stands in quotes itself.

        """

    static let paths = """
        ## JSONPath

        A path begins with `$`, the document, and goes on as RFC 9535 says.

        | part | what it finds |
        |---|---|
        | `.name`, `['name']` | a member; names with dashes or blanks need the second form |
        | `[0]`, `[-1]` | an element, counted from the end when negative |
        | `.*`, `[*]` | all members or elements |
        | `[1:3]`, `[::2]` | a slice: from, before, and every how many; not with a negative step |
        | `..name`, `..[0]` | the same at any depth |
        | `['a', 'b']` | several of these |
        | `[?@.price < 10]` | those for which a filter holds: `== != < <= > >=`, `&&`, `\\|\\|`, `!`, parentheses, or a path alone, which must find something; `@` is the element, `$` the document |

        Functions such as `length()` are not supported. A path has at most \(JSONPath.lengthLimit.grouped) bytes; the first 4 MiB of a
        body are looked at. In braces or brackets of YAML a path with `[`, `,` or `?` needs quotes: `{ json: "$.items[0].id" }`.

        """

    static let patterns = """
        ## Regular expressions

        A search takes a time in proportion to the text, whatever the text holds. It finds the match that Perl would find, in the
        first \(Pattern.searchLimit >> 20) MiB of a body.

        | part | what it matches |
        |---|---|
        | `abc`, `\\.` | characters; a sign of this table with `\\` before it is itself |
        | `.` | any character but a line feed |
        | `[a-z_]`, `[^"]` | one of these characters, or none of them |
        | `\\d \\w \\s`, `\\D \\W \\S` | a digit, a letter of a word, a blank, all of ASCII; or anything else |
        | `\\n \\r \\t \\f \\v`, `\\x41`, `\\u0041`, `\\u{1F600}` | a character by its name or number |
        | `a*`, `a+`, `a?`, `a{2,5}` | so many, as many as possible; with a `?` behind it as few as possible |
        | `a\\|b` | one or the other |
        | `(...)`, `(?<name>...)`, `(?:...)` | a group, the last one without a number |
        | `^`, `$`, `\\A`, `\\z`, `\\b`, `\\B` | the beginning and the end of the text, the edge of a word, no such edge |
        | `(?i)`, `(?s)`, `(?m)` | from here on: either case of ASCII letters, `.` takes line feeds, `^` and `$` stand at lines |

        References back (`\\1`), looking ahead and behind, possessive repetitions and classes such as `\\p{L}` and `[:alpha:]` are not
        supported. A regular expression has at most \(Pattern.lengthLimit.grouped) bytes. In YAML, write it in single quotes, in which
        a backslash is a backslash: `'id=(\\d+)'`.

        """

    static let budgets = """
        ## Budgets

        `[SCOPE:] STAT OP LIMIT [for TIME] [warn|error|abort]`, one per item of the list. The command line takes the same words:
        `gale gate BUNDLE --budget 'p99 < 250ms'`.

        ```yaml
        budgets:
          - p99 < 250ms
          - errors < 1%
          - errors(5xx) < 0.1%
          - buy: p95 < 400ms
          - buy/checkout: median < 2s
          - orders >= 100
          - rate >= 450/s warn
          - amplification < 1.2
          - p99 < 2s for 10s abort
          - p95 < baseline + 5%
        ```

        | part | what it is |
        |---|---|
        | scope | a scenario, or `SCENARIO/STEP`, or `SCENARIO/TRANSACTION`; without one the whole run |
        | stat | `p50`, `p99`, `p(99.9)`, `median`, `mean`, `max`: of the response time, from the intended start to the end |
        | | `errors`: calls that failed or were rejected, and that no fallback answered, as a share of those that ended |
        | | `errors(503)`, `errors(5xx)`, `errors(500-503)`: calls that were answered with such a status, as a share of those that ended |
        | | `errors(reset)`: calls that failed in that way, as a share of those that ended; the kinds are listed below |
        | | `rejected`: calls that a policy of the client rejected, as a share of the calls made |
        | | `fallbacks`: calls that a `fallback` answered, as a share of the calls made |
        | | `amplification`: attempts per call, a number such as `1.2`; without a scope |
        | | `rate`: completed arrivals per second |
        | | `goodput`: succeeded calls per second |
        | | `requests`: how many calls succeeded or failed |
        | | `dropped`: arrivals that could not be started, as a share of those scheduled; without a scope |
        | | `send-lag`, `send-lag(p99.9)`: how late calls were sent, p99 or another percentile; without a scope |
        | | the name of a [counter](#count): its sum, or its sum per second when the limit is a rate; without a scope |
        | op | `<`, `<=`, `>`, `>=` |
        | limit | a duration, a share or a rate, with its unit; a number for `amplification`, `requests` and the sum of a counter; `0` needs no unit |
        | | `baseline`, `baseline + 5%`, `baseline - 2%`: the value of other runs, and how far from it one may be; of a share in points |
        | `for 10s` | the limit must hold in every stretch of that length, at least a second; errors, rates and amounts without a scope |
        | `warn` | a broken budget is reported and leaves the exit status alone |
        | `error` | it makes the exit status 99, as it does without a word |
        | `abort` | the run is stopped once it surely breaks the limit |

        Budgets look at the run without its warm-up phases. No data is broken. A percentile with fewer than ten calls beyond it is
        undecided, and so is every budget of a run that did not come to its end, unless it is broken already.

        A limit against a `baseline` is undecided in `gale run`. `gale gate NEW... --baseline OLD...` judges it by at least
        \(Budget.leastPairs) pairs of runs that were made in turn: broken when the change is shown to be too large, met when it is
        shown not to be. `Docs/measurement.md` has the rules.

        With `for`, stretches begin at every second of the run, and the worst of them is reported. One stretch that surely breaks the
        limit breaks the budget; stretches with too few calls say nothing. With `--time-scale` a stretch is as much shorter as the
        plan is, but never less than the second in which calls are counted.

        `abort` with `for` stops the run when a stretch that has just ended breaks the limit. Without `for` it stops the run when all
        of it until then breaks the limit, with at least ten calls beyond; `max`, amounts and a limit of 0 need only one, since
        nothing that follows could mend them. A lower bound such as `rate > 100/s` stops a run only with `for`. The run that was stopped
        has the exit status 99.

        Kinds of failure: \(FailureKind.allCases.map { "`\($0.name)`" }.joined(separator: ", ")).

        """

    static let outside = """
        ## Values from outside

        `${env:NAME}` in a value stands for a variable of the environment, `${env:NAME:-default}` for the default where that is
        not set or empty, `${file:path}` for the text of a file in the plan's directory or below: UTF-8, at most 64 KiB, without
        one line break at its end. `$${` is `${` itself. In braces such a text needs quotes: `{ clients: "${env:CLIENTS}" }`.

        What comes from outside is taken as it is, and is shown in no message: there it is `***`, also in JSON, in URLs and in
        base64. So names take nothing from outside; the default name of a step shows its path as the plan has it. Keys are never
        replaced. `{{` in what comes from outside is no place for a value; in a default it is one.

        """

    static let changes = """
        ## Changes of a plan

        `variants:` has named changes, `--variant NAME` chooses one, `--set PATH=VALUE` changes a single value:
        `--set client.timeout.total=5s`, `--set load.0.rate=100/s` (items count from 0), `--set "budgets=[p99 < 1s]"`. A key with
        a dot stands in double quotes. A variant is laid over the plan key by key: maps are merged, everything else is replaced;
        so `retry: none` in a variant switches off what a map in the plan says, and `retry: { attempts: 3 }` changes one key of it.
        A setting comes after it and replaces what stands at its path. Only then is the plan read, so that every rule holds for
        the plan with its changes; without `--variant` all variants are checked with the plan.

        `--time-scale 60` runs a plan sixty times as fast as it is written: every duration in it is divided by 60 and every rate
        and bandwidth multiplied, defaults and the limits of budgets among them, so that minutes pass in seconds and the same
        happens. Sizes, shares and counts stay; so do `--rate`, `--for` and `--users` of the command line, which are those of the
        run, and what the machine and a network take. What would become too short to be done is an error: below
        \(Units.text(TimeScale.shortest)) for a duration, below its own limit for a key that has one.

        """
}
