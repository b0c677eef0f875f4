/** What the clinic says, in words. */
import type { PermissionGranted, PermissionRevoked, RoleChanged } from "@wirepact/services/clinic";

/** What somebody may do, as it changed. */
export function changeText(change: PermissionGranted | PermissionRevoked | RoleChanged): string {
  switch (change.type) {
    case "PERMISSION_GRANTED":
      return `granted ${change.permission}`;
    case "PERMISSION_REVOKED":
      return `revoked ${change.permission}`;
    case "ROLE_CHANGED":
      return change.previous_role === null
        ? change.role
        : `${change.previous_role} → ${change.role}`;
  }
}

/** Whatever a model returned. */
export function resultText(result: object): string {
  return Object.entries(result)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

/** What a status is called. */
export function words(status: string): string {
  return status.replaceAll("_", " ");
}
