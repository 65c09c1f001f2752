/** Categories of administrative acts, one tab each. Locks and thresholds belong to a policy interface of the past. */
export const CATEGORIES = {
  api_keys: { label: "API Keys" },
  locks: { label: "Locks", legacy: true },
  data: { label: "Data" },
  administrators: { label: "Administrators" },
  thresholds: { label: "Thresholds", legacy: true },
  alerts: { label: "Alerts" },
  applications: { label: "Applications" },
  data_sources: { label: "Data Sources" },
  user_groups: { label: "User Groups" },
  column_policy: { label: "Column Policy" },
  row_policy: { label: "Row Policy" },
  retention: { label: "Retention" },
  destinations: { label: "Destinations" },
  access: { label: "Exports & Access" },
  sign_in: { label: "Sign-in" },
} as const satisfies Record<string, { label: string; legacy?: true }>;

export type Category = keyof typeof CATEGORIES;

export const CATEGORY_IDS = Object.keys(CATEGORIES) as [Category, ...Category[]];

export const ACTIONS = [
  "create",
  "update",
  "remove",
  "delete",
  "connect",
  "disconnect",
  "test",
  "resolve",
  "edit",
  "trigger",
  "archive",
  "restore",
  "rotate",
  "view",
  "open",
  "export",
  "download",
  "sign_in",
  "sign_out",
] as const;

/** Through what an act of our own was done. */
export const ACTOR_SOURCES = ["portal", "api", "cli", "worker", "wallet"] as const;
