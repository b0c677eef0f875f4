import pytest

from handlers.spc.domain.errors import InvalidSpecification
from handlers.spc.domain.product import Specification


@pytest.mark.parametrize("usl", [9.5, 9.0], ids=["equal", "below"])
def test_the_upper_limit_is_above_the_lower_one(usl):
    with pytest.raises(InvalidSpecification, match="usl: must be above lsl"):
        Specification(lsl=9.5, usl=usl, target=9.5)


@pytest.mark.parametrize("target", [9.4, 10.6])
def test_the_target_is_between_the_limits(target):
    with pytest.raises(InvalidSpecification, match="target: must be between lsl and usl"):
        Specification(lsl=9.5, usl=10.5, target=target)


def test_the_target_may_be_a_limit():
    assert Specification(lsl=0, usl=1, target=0).target == 0


def test_a_value_at_a_limit_is_within_the_specification():
    specification = Specification(lsl=9.5, usl=10.5, target=10)

    assert 9.5 in specification
    assert 10.5 in specification
    assert 10.51 not in specification
