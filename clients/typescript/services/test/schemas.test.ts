import type { ChannelSchemas, StandardSchema } from "@wirepact/client/validate";
import { channels as chat } from "@wirepact/services/chat/schemas";
import { channels as classroom } from "@wirepact/services/classroom/schemas";
import { channels as clinic } from "@wirepact/services/clinic/schemas";
import { channels as robodine } from "@wirepact/services/robodine/schemas";
import { Alert, Alerts, channels as spc, NewMeasurement } from "@wirepact/services/spc/schemas";
import { expect, test } from "vitest";

const ALERT = {
  type: "alert",
  alert: {
    id: 1,
    product_code: "M10",
    product_name: "볼트",
    alert_type: "OUT_OF_SPEC",
    priority: 5,
    title: "Out of specification",
    message: "10.2 is above 10.1",
    status: "OPEN",
    created_at: "2026-01-11T12:00:00",
  },
  timestamp: "2026-01-11T12:00:00",
};

test("a message as the document has it fits, with new fields too", () => {
  const message = { ...ALERT, new: true };

  expect(Alert["~standard"].validate(message)).toEqual({ value: message });
});

test("what is wrong is told with its place", () => {
  const alert = { ...ALERT.alert, id: 0, title: 7, created_at: "2026-02-30T12:00:00" };
  const message = { type: "alerts", alerts: [ALERT.alert, alert] };

  expect(Alerts["~standard"].validate(message)).toEqual({
    issues: [
      { path: ["timestamp"], message: "is missing" },
      { path: ["alerts", 1, "id"], message: "must be at least 1" },
      { path: ["alerts", 1, "title"], message: "must be of type string" },
      { path: ["alerts", 1, "created_at"], message: "must be a date-time-local" },
    ],
  });
});

test("what goes over HTTP has a schema too", () => {
  const measured = { product: 1, measurement_value: 1e13, sample_number: 1, subgroup_number: 1 };

  expect(NewMeasurement["~standard"].validate(measured)).toEqual({
    issues: [{ path: ["measurement_value"], message: "must be at most 1000000000000" }],
  });
});

test("each channel of each service knows what is heard and said there", () => {
  const services: readonly object[] = [chat, classroom, clinic, robodine, spc];

  for (const service of services) {
    const channels = Object.values(service) as readonly ChannelSchemas<object, object>[];
    expect(channels).not.toEqual([]);
    for (const { incoming, outgoing } of channels) {
      const schemas = Object.values<StandardSchema<unknown>>({ ...incoming, ...outgoing });
      expect(schemas).not.toEqual([]);
      for (const schema of schemas) {
        expect(schema["~standard"].validate(undefined)).toHaveProperty("issues");
      }
    }
  }
});
