"""The table is what the scenarios say, and they are enough to speak of one."""

from lifecycle.scenario import CLIENTS, scenarios
from lifecycle.table import PAGE, page


def test_the_table_is_current():
    assert PAGE.read_text() == page(), "make lifecycle writes it"


def test_there_are_scenarios_enough():
    assert len(scenarios()) >= 36


def test_a_difference_concerns_some_clients_and_not_all():
    for each in scenarios():
        different = [client for difference in each.scenario.differs for client in difference.clients]
        assert len(different) == len(set(different)) < len(CLIENTS), each.name
