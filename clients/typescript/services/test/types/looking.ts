/** Looking at messages while a program runs. Nothing here runs: `npm run check` is the test. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Validation } from "@wirepact/client";
import {
  type ChannelSchemas,
  type Invalid,
  InvalidMessageError,
  type Issue,
  schemaOf,
  type StandardSchema,
  validating,
} from "@wirepact/client/validate";
import { OrderStatusChanged } from "@wirepact/services/clinic/schemas";
import { type Alert, SpcClient } from "@wirepact/services/spc";
import { Alert as AlertSchema, channels, NOTIFICATIONS } from "@wirepact/services/spc/schemas";
import * as valibot from "valibot";
import { z } from "zod";

import { expectType } from "../../../runtime/test/types/expect.ts";

/** What is emitted is a Standard Schema to whoever has that specification, and the other way round. */
export const emitted: StandardSchemaV1<unknown, Alert> = AlertSchema;
export const received: StandardSchema<Alert> = {} as StandardSchemaV1<unknown, Alert>;
expectType<Alert["alert"]>()({} as StandardSchemaV1.InferOutput<typeof AlertSchema>["alert"], true);

/** A value that fits is one of those that are listed. */
export function listed(): void {
  const result = OrderStatusChanged["~standard"].validate({});
  if (result instanceof Promise || result.issues) return;
  const { status } = result.value;
  expectType<"accepted" | "in_progress" | "completed">()(status, true);
}

export function results(): void {
  const result = schemaOf<string>({ It: { type: "string" } }, "It")["~standard"].validate(1);
  if (result instanceof Promise) return;
  if (result.issues) expectType<readonly Issue[]>()(result.issues, true);
  else expectType<string>()(result.value, true);
  // @ts-expect-error whether there is a value is to be asked first
  void result.value;
}

export function options(): void {
  const validate = validating(channels);
  expectType<Validation>()(validate, true);
  new SpcClient({ url: "", validate: validating({ notifications: NOTIFICATIONS }) });
  validating(channels, { incoming: "unknown", outgoing: "throw" });
  validating(channels, { incoming: "ignore", outgoing: "ignore" });
  validating(channels, { incoming: "warn", outgoing: "warn" });
  validating(channels, {
    incoming: (invalid) => {
      expectType<Invalid>()(invalid, true);
      expectType<{
        readonly direction: "incoming" | "outgoing";
        readonly channel: string;
        readonly name: string;
        readonly message: unknown;
        readonly issues: readonly Issue[];
      }>()(invalid, true);
    },
  });

  // @ts-expect-error what arrives can't be thrown back
  validating(channels, { incoming: "throw" });
  // @ts-expect-error what is said is known
  validating(channels, { outgoing: "unknown" });
  // @ts-expect-error there is nothing to look with
  validating();
  // @ts-expect-error schemas are of channels
  validating(NOTIFICATIONS);
}

/** A schema for each message, or none. */
export function ofChannels(): void {
  interface Heard {
    a: string;
  }
  interface Said {
    b: number;
  }
  expectType<{
    readonly incoming: { readonly a?: StandardSchema<string> };
    readonly outgoing: { readonly b?: StandardSchema<number> };
  }>()({} as ChannelSchemas<Heard, Said>, true);
}

export function thrown(error: unknown): void {
  if (!(error instanceof InvalidMessageError)) return;
  expectType<{ readonly invalid: Invalid }>()(error as Pick<typeof error, "invalid">, true);
}

export function instead(): void {
  const anything = { type: z.literal("get_alerts"), limit: z.number() };
  validating(channels, {
    instead: { notifications: { outgoing: { get_alerts: z.object(anything) } } },
  });
  const filter = valibot.object({
    type: valibot.literal("filter_alerts"),
    min_priority: valibot.number(),
  });
  validating(channels, { instead: { product: { outgoing: { filter_alerts: filter } } } });

  // @ts-expect-error its output is no alert
  validating(channels, { instead: { notifications: { incoming: { alert: z.object({}) } } } });
  // @ts-expect-error there is no such channel
  validating(channels, { instead: { notification: {} } });
  // @ts-expect-error there is no such message
  validating(channels, { instead: { notifications: { incoming: { alerted: z.any() } } } });
  // @ts-expect-error that is said, not heard
  validating(channels, { instead: { notifications: { incoming: { get_alerts: z.any() } } } });
}
