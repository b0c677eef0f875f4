"""Who is told what of something that was stored: everyone, or a product's subscribers, and always those who watch the product."""

from functools import partial

from generated.spc import channels
from generated.spc.publisher import SpcPublisher
from handlers.spc import translation
from handlers.spc.clock import Clock
from handlers.spc.domain import CapabilityAnalysis, Measurement, QualityAlert, Violation
from handlers.spc.outbox import Letter


class Notices:
    """Tells letters. To tell one twice is to tell it once, for a while."""

    def __init__(self, publisher: SpcPublisher, clock: Clock) -> None:
        self._publisher = publisher
        self._clock = clock

    async def tell(self, letter: Letter) -> None:
        """Tell what *letter* is about. Raises `Unavailable`."""
        say = partial(self._publisher.publish, idempotency_key=letter.key)
        match letter.subject:
            case QualityAlert(product_id=product) as stored:
                alert = translation.alert(stored, self._clock)
                await say(channels.ALERT, alert)
                await say(channels.PRODUCT_ALERT, alert, parameters={"id": product})
            case Violation() as fired:
                violation = translation.run_rule_violation(fired, self._clock)
                await say(channels.RUN_RULE_VIOLATION, violation)
                await say(channels.PRODUCT_RUN_RULE_VIOLATION, violation, parameters={"id": fired.product.id})
            case Measurement() as off:
                measurement = translation.measurement(off, self._clock)
                await say(channels.MEASUREMENT, measurement, key=off.product.id)
                await say(channels.PRODUCT_MEASUREMENT, measurement, parameters={"id": off.product.id})
            case CapabilityAnalysis() as finished:
                capability = translation.capability(finished, self._clock)
                await say(channels.CAPABILITY, capability, key=finished.product.id)
                await say(channels.PRODUCT_CAPABILITY, capability, parameters={"id": finished.product.id})
