"""SPC as its clients see it, over real sockets.

That somebody was *not* told something shows in what they hear next: an answer to a question asked afterwards
comes first.
"""

import asyncio
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from factory import ALERT, BOLT, NUT, running
from wirepact.testing import token


@pytest.fixture
async def factory(tmp_path):
    async with running(tmp_path) as factory:
        yield factory


@pytest.fixture
async def bolt(factory):
    return await factory.post("products", **BOLT)


@pytest.fixture
async def nut(factory):
    return await factory.post("products", **NUT)


class TestConnecting:
    async def test_who_connects_is_greeted_in_the_words_of_the_document(self, factory, bolt):
        for path in ["notifications", f"product/{bolt}"]:
            async with connect(f"{factory.url.replace('http', 'ws')}/ws/spc/{path}/", proxy=None) as socket:
                frame = await socket.recv()

            assert re.fullmatch(
                r'{"type":"connection","message":"SPC 실시간 알림에 연결되었습니다",'
                r'"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"}',
                frame,
            )

    async def test_the_time_is_that_of_the_factory(self, factory):
        async with connect(
            f"{factory.url.replace('http', 'ws')}/ws/spc/notifications/", proxy=None
        ) as socket:
            frame = await socket.recv()

        told = datetime.fromisoformat(re.search(r'"timestamp":"(.*?)"', frame)[1])
        assert abs(datetime.now(ZoneInfo("Asia/Seoul")).replace(tzinfo=None) - told) < timedelta(minutes=1)

    @pytest.mark.parametrize("number", ["99", "0", "-1", "9223372036854775808", "x"])
    async def test_a_product_that_does_not_exist_has_no_channel(self, factory, number):
        async with connect(
            f"{factory.url.replace('http', 'ws')}/ws/spc/product/{number}/", proxy=None
        ) as socket:
            with pytest.raises(ConnectionClosed) as caught:
                await socket.recv()

        assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (4404, "No such product")

    async def test_without_a_token_nobody_comes_in_unless_that_is_set(self, tmp_path):
        async with running(tmp_path, anonymous=False) as factory:
            async with connect(
                f"{factory.url.replace('http', 'ws')}/ws/spc/notifications/", proxy=None
            ) as socket:
                with pytest.raises(ConnectionClosed) as caught:
                    await socket.recv()
            async with factory.listening(token=token()):
                pass

        assert caught.value.rcvd.code == 4401


class TestAlerts:
    async def test_everyone_and_the_products_channel_hear_of_an_alert_and_no_other_product_does(
        self, factory, bolt, nut
    ):
        async with (
            factory.listening() as everyone,
            factory.listening(f"product/{bolt}") as at_bolt,
            factory.listening(f"product/{nut}") as at_nut,
        ):
            stored = await factory.post("alerts", product=bolt, **ALERT)
            pushed = await everyone.hear()
            also_pushed = await at_bolt.hear()
            answer = await at_nut.ask(type="get_alerts")

        assert pushed == also_pushed
        assert pushed == {
            "type": "alert",
            "alert": {
                "id": stored,
                "product_code": "BOLT-M10",
                "product_name": "M10 볼트",
                **ALERT,
                "status": "OPEN",
                "created_at": pushed["timestamp"],
            },
            "timestamp": pushed["timestamp"],
        }
        assert answer["type"] == "alerts"
        assert answer["alerts"] == []

    async def test_a_subscriber_of_the_product_hears_of_it_once(self, factory, bolt):
        async with factory.listening() as subscriber:
            await subscriber.say(type="subscribe_product", product_id=bolt)
            await subscriber.ask(type="get_alerts")
            first = await factory.post("alerts", product=bolt, **ALERT)
            second = await factory.post("alerts", product=bolt, **ALERT)

            heard = [(await subscriber.hear())["alert"]["id"] for _ in range(2)]
            answer = await subscriber.ask(type="get_alerts")

        assert heard == [first, second]
        assert answer["type"] == "alerts"

    async def test_the_most_recent_alerts_come_newest_first(self, factory, bolt, nut):
        stored = [await factory.post("alerts", product=each, **ALERT) for each in [bolt, nut] * 6]

        async with factory.listening() as listener, factory.listening(f"product/{bolt}") as at_bolt:
            ten = await listener.ask(type="get_alerts")
            three = await listener.ask(type="get_alerts", limit=3)
            of_bolt = await at_bolt.ask(type="get_alerts")

        assert [each["id"] for each in ten["alerts"]] == stored[:1:-1]
        assert [each["id"] for each in three["alerts"]] == stored[:-4:-1]
        assert [each["id"] for each in of_bolt["alerts"]] == stored[::2][::-1]

    async def test_alerts_are_listed_by_product_and_priority_in_pages(self, factory, bolt, nut):
        stored = [await factory.post("alerts", product=bolt, **ALERT | {"priority": 1}) for _ in range(3)]
        await factory.post("alerts", product=bolt, **ALERT)
        await factory.post("alerts", product=nut, **ALERT | {"priority": 1})

        wanted = {"product": bolt, "priority": 1, "limit": 2}
        first = (await factory.http.get("/api/spc/alerts/", params=wanted)).json()
        second = (
            await factory.http.get("/api/spc/alerts/", params=wanted | {"before": first["next"]})
        ).json()

        assert [each["id"] for each in first["alerts"]] == stored[:0:-1]
        assert [each["id"] for each in second["alerts"]] == stored[:1]
        assert "next" not in second


class TestMeasurements:
    async def test_a_value_out_of_specification_reaches_subscribers_and_the_products_channel_only(
        self, factory, bolt, nut
    ):
        async with (
            factory.listening() as subscriber,
            factory.listening() as other,
            factory.listening() as of_nut,
            factory.listening(f"product/{bolt}") as at_bolt,
            factory.listening(f"product/{nut}") as at_nut,
        ):
            await subscriber.say(type="subscribe_product", product_id=bolt)
            await subscriber.ask(type="get_alerts")
            await of_nut.say(type="subscribe_product", product_id=nut)
            await of_nut.ask(type="get_alerts")
            await factory.measure(bolt, 10.65)
            pushed = await subscriber.hear()
            also_pushed = await at_bolt.hear()
            answers = [await each.ask(type="get_alerts") for each in [other, of_nut, at_nut]]

        assert pushed == also_pushed
        assert pushed == {
            "type": "measurement",
            "measurement": {
                "id": 1,
                "product_id": bolt,
                "product_code": "BOLT-M10",
                "measurement_value": 10.65,
                "sample_number": 1,
                "subgroup_number": 1,
                "is_within_spec": False,
                "is_within_control": True,
                "measured_at": pushed["timestamp"],
            },
            "timestamp": pushed["timestamp"],
        }
        assert {each["type"] for each in answers} == {"alerts"}

    async def test_a_value_inside_the_limits_reaches_nobody(self, factory, bolt):
        async with factory.listening(f"product/{bolt}") as at_bolt:
            await factory.measure(bolt, 10.1)
            answer = await at_bolt.ask(type="get_alerts")

        assert answer["type"] == "alerts"

    async def test_a_value_out_of_specification_stores_no_alert_by_itself(self, factory, bolt):
        async with factory.listening(f"product/{bolt}") as at_bolt:
            await factory.measure(bolt, 10.65)
            await at_bolt.hear()
            answer = await at_bolt.ask(type="get_alerts")

        assert answer["alerts"] == []

    async def test_who_unsubscribed_hears_no_more(self, factory, bolt):
        async with factory.listening() as listener, factory.listening(f"product/{bolt}") as at_bolt:
            await listener.say(type="subscribe_product", product_id=bolt)
            await listener.say(type="unsubscribe_product", product_id=bolt)
            await listener.ask(type="get_alerts")
            await factory.measure(bolt, 10.65)
            await at_bolt.hear()
            answer = await listener.ask(type="get_alerts")

        assert answer["type"] == "alerts"

    async def test_nobody_subscribes_to_what_does_not_exist(self, factory):
        async with factory.listening() as listener:
            answer = await listener.ask(type="subscribe_product", product_id=99)

        assert answer == {"type": "error", "code": "not_found", "message": "there is no product 99"}

    async def test_a_run_rule_reaches_everyone_and_the_products_channel(self, factory, bolt, nut):
        await factory.establish(bolt)
        async with (
            factory.listening() as everyone,
            factory.listening(f"product/{bolt}") as at_bolt,
            factory.listening(f"product/{nut}") as at_nut,
        ):
            await factory.measure(bolt, 10.01, 10.02, 10.03, 10.04, 10.05, 10.06, first=41)
            pushed = await everyone.hear()
            also_pushed = await at_bolt.hear()
            answer = await at_nut.ask(type="get_alerts")

        assert pushed == also_pushed
        assert pushed["run_rule_violation"] == {
            "rule": 3,
            "rule_name": "six points in a row steadily increasing or decreasing",
            "product_id": bolt,
            "product_code": "BOLT-M10",
            "sample_numbers": [41, 42, 43, 44, 45, 46],
            "detected_at": pushed["timestamp"],
        }
        assert answer["type"] == "alerts"

    async def test_a_value_out_of_control_is_told_before_the_rule_that_it_sets_off(self, factory, bolt):
        await factory.establish(bolt)
        async with factory.listening(f"product/{bolt}") as at_bolt:
            await factory.measure(bolt, 10.4, first=41)
            value, violation = await at_bolt.hear(), await at_bolt.hear()

        assert value["measurement"]["is_within_spec"] is True
        assert value["measurement"]["is_within_control"] is False
        assert violation["run_rule_violation"]["rule"] == 1
        assert violation["run_rule_violation"]["sample_numbers"] == [41]


class TestCapability:
    async def test_an_analysis_reaches_subscribers_and_the_products_channel_only(self, factory, bolt):
        await factory.establish(bolt)
        async with (
            factory.listening() as subscriber,
            factory.listening() as other,
            factory.listening(f"product/{bolt}") as at_bolt,
        ):
            await subscriber.say(type="subscribe_product", product_id=bolt)
            await subscriber.ask(type="get_alerts")
            stored = await factory.post("capability", product=bolt)
            pushed = await subscriber.hear()
            also_pushed = await at_bolt.hear()
            answer = await other.ask(type="get_alerts")

        assert pushed == also_pushed
        analysis = pushed["capability"]
        assert list(analysis) == ["id", "product_id", "product_code", "cp", "cpk", "pp", "ppk", "analyzed_at"]
        assert (analysis["id"], analysis["product_id"]) == (stored, bolt)
        assert analysis["cp"] == pytest.approx(analysis["cpk"]) == pytest.approx(1 / (6 * 0.1 / 1.12838))
        assert answer["type"] == "alerts"

    async def test_too_few_measurements_are_a_conflict(self, factory, bolt):
        response = await factory.http.post("/api/spc/capability/", json={"product": bolt})

        assert response.status_code == 409
        assert response.json() == {
            "code": "conflict",
            "message": "a capability analysis needs more whole subgroups: there are 0 of 20",
        }


class TestFrames:
    async def test_frames_are_those_of_the_page_but_for_their_ids_and_times(self, factory, bolt):
        alert = ALERT | {"product": bolt}
        reading = {"measurement_value": 10.65, "sample_number": 50, "subgroup_number": 10}

        async with factory.listening(f"product/{bolt}") as watcher:
            await factory.post("alerts", **alert)
            await factory.post("measurements", product=bolt, **reading)
            frames = [
                re.sub(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"', "TIME", await watcher.socket.recv()) for _ in "ab"
            ]

        assert frames == [
            (
                '{"type":"alert","alert":{"id":1,"product_code":"BOLT-M10","product_name":"M10 볼트",'
                '"alert_type":"OUT_OF_SPEC","priority":4,"title":"규격 이탈","message":"측정값이 상한 규격을 초과했습니다",'
                '"status":"OPEN","created_at":TIME},"timestamp":TIME}'
            ),
            (
                '{"type":"measurement","measurement":{"id":1,"product_id":1,"product_code":"BOLT-M10",'
                '"measurement_value":10.65,"sample_number":50,"subgroup_number":10,"is_within_spec":false,'
                '"is_within_control":true,"measured_at":TIME},"timestamp":TIME}'
            ),
        ]

    async def test_an_analysis_is_told_in_the_order_of_the_page(self, factory, bolt):
        await factory.establish(bolt)

        async with factory.listening(f"product/{bolt}") as watcher:
            await factory.post("capability", product=bolt)
            frame = await watcher.socket.recv()

        number, time = r"-?\d+\.\d+", r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"'
        assert re.fullmatch(
            r'{"type":"capability","capability":{"id":1,"product_id":1,"product_code":"BOLT-M10",'
            rf'"cp":{number},"cpk":{number},"pp":{number},"ppk":{number},"analyzed_at":{time}}},"timestamp":{time}}}',
            frame,
        )


class TestProducts:
    async def test_products_are_listed_with_their_limits_once_they_are_known(self, factory, bolt, nut):
        await factory.establish(bolt)

        page = (await factory.http.get("/api/spc/products/")).json()

        first, second = page["products"]
        limits = first.pop("control_limits")
        assert limits["center"] == pytest.approx(10.0)
        assert limits["upper"] - 10 == pytest.approx(10 - limits["lower"])
        assert limits["upper"] - 10 == pytest.approx(
            (limits["mean_upper"] - 10) * BOLT["subgroup_size"] ** 0.5
        )
        assert limits["range_lower"] <= limits["range_center"] < limits["range_upper"]
        assert first == {"id": bolt, **BOLT}
        assert second == {"id": nut, **NUT}
        assert "next" not in page

    async def test_products_are_listed_in_pages(self, factory, bolt, nut):
        first = (await factory.http.get("/api/spc/products/", params={"limit": 1})).json()
        second = (await factory.http.get("/api/spc/products/", params={"after": first["next"]})).json()

        assert [each["id"] for each in first["products"]] == [bolt]
        assert [each["id"] for each in second["products"]] == [nut]

    async def test_of_two_with_one_code_at_once_one_is_told_of_the_clash(self, factory):
        answers = await asyncio.gather(
            *(factory.http.post("/api/spc/products/", json=BOLT) for _ in range(2))
        )

        assert sorted(each.status_code for each in answers) == [201, 409]
        clash = max(answers, key=lambda each: each.status_code)
        assert clash.json() == {"code": "conflict", "message": "product BOLT-M10 exists already"}

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"usl": 9.5}, "usl: must be above lsl"),
            ({"target": 11.0}, "target: must be between lsl and usl"),
        ],
    )
    async def test_limits_that_contradict_each_other_are_refused(self, factory, wrong, sentence):
        response = await factory.http.post("/api/spc/products/", json=BOLT | wrong)

        assert response.status_code == 400
        assert response.json() == {"code": "invalid_payload", "message": sentence}


class TestRefusals:
    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("alerts", ALERT),
            ("measurements", {"measurement_value": 10.0, "sample_number": 1, "subgroup_number": 1}),
            ("capability", {}),
        ],
    )
    async def test_nothing_is_stored_about_an_unknown_product(self, factory, path, body):
        response = await factory.http.post(f"/api/spc/{path}/", json={"product": 99, **body})

        assert response.status_code == 404
        assert response.json() == {"code": "not_found", "message": "there is no product 99"}

    async def test_a_sample_that_exists_is_a_conflict(self, factory, bolt):
        await factory.measure(bolt, 10.0)

        reading = {"product": bolt, "measurement_value": 10.1, "sample_number": 1, "subgroup_number": 2}
        response = await factory.http.post("/api/spc/measurements/", json=reading)

        assert response.status_code == 409
        assert response.json() == {"code": "conflict", "message": "sample 1 exists already"}

    async def test_only_a_back_end_stores(self, factory, bolt):
        body = {"product": bolt, **ALERT}
        as_user = {"authorization": f"Bearer {token('ann', roles=['USER'])}"}

        refused = await factory.http.post("/api/spc/alerts/", json=body, headers=as_user)

        assert refused.status_code == 403
        assert refused.json()["code"] == "permission_denied"
