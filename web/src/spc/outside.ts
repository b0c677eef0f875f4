import type { MeasuredValue } from "@wirepact/services/spc";

/** Which limits a value is outside of. */
export function outside(value: MeasuredValue): string {
  const limits = [
    value.is_within_spec ? "" : "specification",
    value.is_within_control ? "" : "control",
  ];
  return limits.filter(Boolean).join(", ");
}
