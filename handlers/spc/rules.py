"""Keeps what users may see and what they want to be told. Each method is one transaction.

Who has no rule may see all products; who has one, those that it names. What a user never said they want is what is there if nobody says
anything.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from handlers.database import Database
from handlers.spc.domain import (
    Access,
    Hearing,
    Kind,
    NotVisible,
    Preferences,
    UnknownProduct,
    check_user,
)
from handlers.spc.tables import AccessRow, PreferencesRow, ProductRow, VisibleProductRow
from handlers.upsert import upsert


class Rules:
    """What each user may see and hear, by the `sub` of their tokens."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def access(self, user: str) -> Access:
        """What *user* may see."""
        access = Access(user)
        async with self._database.reading() as session:
            row = await session.scalar(select(AccessRow).where(AccessRow.user_id == user))
            return access if row is None else Access(user, await _visible(session, row.id))

    async def set_access(self, access: Access) -> None:
        """Let a user see these products and no others, or all of them. Raises `UnknownProduct`."""
        async with self._database.writing() as session:
            if access.products is None:
                await session.execute(delete(AccessRow).where(AccessRow.user_id == access.user))
                return
            await _check_known(session, access.products)
            rule = await _rule(session, access.user)
            await session.execute(delete(VisibleProductRow).where(VisibleProductRow.access_id == rule))
            session.add_all(
                VisibleProductRow(access_id=rule, product_id=each) for each in sorted(set(access.products))
            )

    async def preferences(self, user: str) -> Preferences:
        """What *user* wants to be told."""
        check_user(user)
        async with self._database.reading() as session:
            row = await _preferences_row(session, user)
            return Preferences() if row is None else _preferences(row)

    async def set_preferences(self, user: str, wanted: Preferences) -> None:
        """Note what *user* wants to be told from now on. Raises `UnknownProduct`."""
        check_user(user)
        values = {
            "min_priority": wanted.min_priority,
            "kinds": sorted(wanted.kinds),
            "muted_products": sorted(wanted.muted),
        }
        async with self._database.writing() as session:
            await _check_known(session, wanted.muted)
            row = upsert(session, PreferencesRow).values(user_id=user, **values)
            await session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=values))

    async def hearing(self, user: str) -> Hearing:
        """What *user* is told."""
        async with self._database.reading() as session:
            rule = await session.scalar(select(AccessRow).where(AccessRow.user_id == user))
            seen = None if rule is None else await _codes(session, await _visible(session, rule.id))
            row = await _preferences_row(session, user)
            if row is None:
                return Hearing(seen)
            wanted = _preferences(row)
            muted = await _codes(session, wanted.muted)
            return Hearing(seen, muted, wanted.kinds, wanted.min_priority)

    async def check_visible(self, user: str | None, product_id: int) -> None:
        """Raises `UnknownProduct`, or `NotVisible` if *user* may not see the product; who is unknown may."""
        async with self._database.reading() as session:
            await _check_known(session, [product_id])
            wanted = select(ProductRow.id).where(ProductRow.id == product_id, visible_to(user, ProductRow.id))
            if await session.scalar(wanted) is None:
                raise NotVisible(product_id)


def visible_to(user: str | None, product: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """That *user* may see the product whose id stands in the column *product*."""
    rule = select(AccessRow.id).where(AccessRow.user_id == user)
    named = select(VisibleProductRow.id).where(
        VisibleProductRow.access_id.in_(rule), VisibleProductRow.product_id == product
    )
    return ~exists(rule) | exists(named)


async def _rule(session: AsyncSession, user: str) -> int:
    """The id of the rule of *user*, made if there is none, and kept from others until the commit."""
    row = upsert(session, AccessRow).values(user_id=user)
    held = row.on_conflict_do_update(index_elements=["user_id"], set_={"user_id": user})
    return (await session.scalars(held.returning(AccessRow.id))).one()


async def _check_known(session: AsyncSession, products: Iterable[int]) -> None:
    """Raises `UnknownProduct` for the first that there is not."""
    wanted = {each for each in products if 0 < each < 2**63}
    known = set(await session.scalars(select(ProductRow.id).where(ProductRow.id.in_(wanted))))
    if unknown := sorted(set(products) - known):
        raise UnknownProduct(unknown[0])


async def _visible(session: AsyncSession, access_id: int) -> Sequence[int]:
    named = select(VisibleProductRow.product_id).where(VisibleProductRow.access_id == access_id)
    return (await session.scalars(named.order_by(VisibleProductRow.product_id))).all()


async def _codes(session: AsyncSession, products: Iterable[int]) -> frozenset[str]:
    return frozenset(await session.scalars(select(ProductRow.code).where(ProductRow.id.in_(list(products)))))


async def _preferences_row(session: AsyncSession, user: str) -> PreferencesRow | None:
    return await session.scalar(select(PreferencesRow).where(PreferencesRow.user_id == user))


def _preferences(row: PreferencesRow) -> Preferences:
    kinds = frozenset(map(Kind, row.kinds))
    return Preferences(row.min_priority, kinds, frozenset(row.muted_products))
