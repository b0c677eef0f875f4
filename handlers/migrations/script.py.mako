<%!
    def without_comments(text):
        lines = [line for line in text.split("\n") if not line.lstrip().startswith("# ###")]
        return "\n".join(lines).strip() or "pass"
%>\
"""${message}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """From the revision before to this one."""
    ${upgrades if upgrades else "" | without_comments}


def downgrade() -> None:
    """Back again."""
    ${downgrades if downgrades else "" | without_comments}
