"""`docs/lifecycle.md`: every scenario with what a program sees of it, as the data has it. `python -m tests.lifecycle` writes it."""

from collections.abc import Iterable
from pathlib import Path
from typing import get_args

from lifecycle.scenario import CLIENTS, AnyStep, Difference, Hears, Scenario, Sees, Status, Topic, scenarios

PAGE = Path(__file__).parents[2] / "docs/lifecycle.md"
NAMES = {"python": "Python", "node": "Node", "chromium": "Chromium"}

_HEAD = """\
# What becomes of a connection

What a program sees of its connection when the network, the server or a token fails. Each scenario is a file in
`tests/lifecycle/scenarios/`, and is played with the generated Python client and with the generated TypeScript client in Node and in
Chromium, against the application behind a proxy that fails as it is told to: `make lifecycle`. All three see the same, to the word and in this order,
where nothing else is said below.

*Token asked* is a call of the program's token function with that reason; *lost*, with the close code, is the state `reconnecting`; *ended* is the
state `closed` for good, *closed* the same at the program's own wish; *recovered* and *missed* are what is told after a return, and `…` is any number of attempts
that fail. That nobody waits for longer than the backoff allows, or for another time than the server said, is looked at in each of them.
"""


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for topic in get_args(Topic):
        parts += _section(topic, [each.scenario for each in scenarios() if each.scenario.topic == topic])
    return "\n".join(parts)


def _section(topic: str, told: list[Scenario]) -> Iterable[str]:
    yield f"## {topic}\n"
    yield f"| | what happens → what the program sees | {' | '.join(NAMES.values())} |"
    yield "|---|---|---|---|---|"
    for scenario in told:
        different = {client for each in scenario.differs for client in each.clients}
        verdicts = [f"[differs](#{_anchor(scenario)})" if each in different else "✓" for each in CLIENTS]
        yield f"| **{scenario.title}** | {story(scenario.steps)} | {' | '.join(verdicts)} |"
    yield ""
    for scenario in told:
        for each in scenario.differs:
            yield _difference(scenario, each)


def _difference(scenario: Scenario, difference: Difference) -> str:
    clients = " and ".join(NAMES[each] for each in difference.clients)
    return (
        f'<a id="{_anchor(scenario)}"></a>**{scenario.title}, in {clients}**: {difference.because}.\n\n'
        f"> {story(difference.steps)}\n"
    )


def _anchor(scenario: Scenario) -> str:
    return "".join(each if each.isalnum() else "-" for each in scenario.title.lower()).strip("-")


def story(steps: list[AnyStep]) -> str:
    """What is done, and what is seen of it."""
    lines: list[str] = []
    for step in steps:
        match step:
            case Sees(sees=words):
                lines.append("→ " + " · ".join(words))
            case Hears(hears=messages, meanwhile=events):
                lines.append(f"→ {messages}, among them: {' · '.join(events)}")
            case Status(status=status):
                lines.append(f"*asks where it is* → {status}")
            case _:
                lines.append(f"*{step.told}*")
    return "<br>".join(lines).replace("*<br>→", "* →").replace("|", "\\|")
