/**
 * Optional: looks at messages while the program runs. Who does not import this bundles nothing of it.
 *
 * @module
 */
export { type Definitions, type JsonSchema, schemaOf } from "./validate/json-schema.ts";
export type { Issue, IssuePath, Result, StandardSchema } from "./validate/standard.ts";
export {
  type ChannelSchemas,
  type Instead,
  type Invalid,
  InvalidMessageError,
  type MessageSchema,
  type Report,
  type Schemas,
  validating,
  type ValidatingOptions,
} from "./validate/validating.ts";
