"""Who is told what of something that was stored.

Called after the commit. What is stored stays stored if nobody can be told: a client that missed the news finds
it when it asks.
"""

import asyncio
import logging
from collections.abc import Awaitable

from generated.spc.publisher import SpcPublisher
from handlers.spc import translation
from handlers.spc.clock import Clock
from handlers.spc.domain import CapabilityAnalysis, Firing, Measurement, QualityAlert

_log = logging.getLogger(__name__)


class Notices:
    """Tells everyone, or a product's subscribers, and always those who watch the product."""

    def __init__(self, publisher: SpcPublisher, clock: Clock) -> None:
        self._publisher = publisher
        self._clock = clock

    async def alert_stored(self, alert: QualityAlert) -> None:
        """To everyone."""
        message = translation.alert(alert, self._clock)
        await _tell(
            self._publisher.alert(message),
            self._publisher.product_alert(message, id_=alert.product_id),
        )

    async def measurement_stored(self, measurement: Measurement) -> None:
        """To subscribers if the value is off; to everyone each rule that it set off."""
        if measurement.verdict.is_off:
            await self._measurement_off(measurement)
        for firing in measurement.verdict.fired:
            await self._rule_fired(measurement, firing)

    async def capability_stored(self, analysis: CapabilityAnalysis) -> None:
        """To subscribers."""
        message = translation.capability(analysis, self._clock)
        await _tell(
            self._publisher.capability(message, product=analysis.product.id),
            self._publisher.product_capability(message, id_=analysis.product.id),
        )

    async def _measurement_off(self, measurement: Measurement) -> None:
        message = translation.measurement(measurement, self._clock)
        await _tell(
            self._publisher.measurement(message, product=measurement.product.id),
            self._publisher.product_measurement(message, id_=measurement.product.id),
        )

    async def _rule_fired(self, measurement: Measurement, firing: Firing) -> None:
        message = translation.run_rule_violation(measurement, firing, self._clock)
        await _tell(
            self._publisher.run_rule_violation(message),
            self._publisher.product_run_rule_violation(message, id_=measurement.product.id),
        )


async def _tell(*publications: Awaitable[None]) -> None:
    """Publish, and log what fails: whoever stored something is answered that it is stored."""
    for outcome in await asyncio.gather(*publications, return_exceptions=True):
        if isinstance(outcome, Exception):
            _log.error("something was stored and could not be pushed", exc_info=outcome)
