"""A directory that a test writes."""

from wirepact.auth import Directory


class Staff(Directory):
    """Roles by user; a `KeyError` about anybody else."""

    def __init__(self, **roles):
        self.roles = {name: None if each is None else frozenset(each) for name, each in roles.items()}

    async def roles_of(self, identity):
        return self.roles[identity.sub]
