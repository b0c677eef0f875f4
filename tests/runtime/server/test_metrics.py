"""What Prometheus is told."""

from wirepact.server.metrics import CONTENT_TYPE, Metrics
from works import HALL


def lines(metrics):
    return [each for each in metrics.text().decode().splitlines() if not each.startswith("#")]


def test_what_was_counted_is_told_under_the_names_of_the_document():
    metrics = Metrics()
    here = metrics.channel(HALL)

    here.connections.inc()
    here.opened("legacy").inc()
    here.received("get_notes").inc(2)
    here.handling("ask").observe(0.02)
    here.delivered.inc(1000)

    said = lines(metrics)
    labels = f'channel="{HALL.name}",service="{HALL.service}"'
    assert f"wirepact_connections{{{labels}}} 1.0" in said
    assert (
        f'wirepact_messages_received_total{{channel="{HALL.name}",message="get_notes",service="{HALL.service}"}} 2.0'
        in said
    )
    assert (
        f'wirepact_handler_seconds_count{{channel="{HALL.name}",operation="ask",service="{HALL.service}"}} 1.0'
        in said
    )
    assert f"wirepact_deliveries_total{{{labels}}} 1000.0" in said
    assert "text/plain" in CONTENT_TYPE


def test_a_code_of_a_peers_own_invention_takes_no_room():
    metrics = Metrics()
    here = metrics.channel(HALL)

    for code in (1001, 4999, 4998, 3777):
        here.closed(code)
        here.refused(code)

    codes = [each for each in lines(metrics) if each.startswith("wirepact_connections_closed_total")]
    assert [each.split('code="')[1].split('"')[0] for each in codes] == ["1001", "other"]
    assert codes[1].endswith(" 3.0")


def test_two_nodes_in_one_process_count_apart():
    one, other = Metrics(), Metrics()

    one.channel(HALL).connections.inc()
    other.channel(HALL).connections.inc(5)

    assert next(each for each in lines(one) if "connections{" in each).endswith(" 1.0")
