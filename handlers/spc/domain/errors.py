"""What SPC can't do, one family.

SpcError
├── UnknownProduct        no product has this id, or this code
├── InvalidPeriod         it ends before it begins, or is too long
├── InvalidSpecification  limits or target contradict each other
├── InvalidUser           nobody is called so
├── NotVisible            the user may not see this product
├── Taken                 the code or the sample number exists already
├── SubgroupFull          the subgroup has all its samples
└── NotAnalyzable         what was measured says nothing about capability
"""


class SpcError(Exception):
    """Base of what the domain refuses; the text is for whoever asked."""


class UnknownProduct(SpcError):
    """No product has this id, or this code."""

    def __init__(self, product: int | str) -> None:
        super().__init__(f"there is no product {product}")
        self.product = product


class InvalidSpecification(SpcError):
    """The specification limits and the target contradict each other."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class InvalidPeriod(SpcError):
    """A period ends before it begins, or is longer than any."""

    def __init__(self, longest: int) -> None:
        super().__init__(f"until: must be after since, by no more than {longest} days")
        self.longest = longest


class InvalidUser(SpcError):
    """A user's name is empty, or longer than any."""

    def __init__(self, longest: int) -> None:
        super().__init__(f"user: must have 1 to {longest} characters")
        self.longest = longest


class NotVisible(SpcError):
    """There is such a product, and it is not for this user to see."""

    def __init__(self, product_id: int) -> None:
        super().__init__(f"product {product_id} is not for you to see")
        self.product_id = product_id


class Taken(SpcError):
    """Something of this kind has this name or number already."""

    def __init__(self, what: str, value: str | int) -> None:
        super().__init__(f"{what} {value} exists already")
        self.what = what
        self.value = value


class SubgroupFull(SpcError):
    """The subgroup has as many samples as the product's subgroups have."""

    def __init__(self, subgroup_number: int, size: int) -> None:
        super().__init__(f"subgroup {subgroup_number} has all its {size} samples")
        self.subgroup_number = subgroup_number
        self.size = size


class NotAnalyzable(SpcError):
    """What was measured says nothing about capability."""
