import { QUERY_PARAM } from "@/lib/filters/filter";
import type { LogRules } from "../log-filters/url-state";
import type { KindView } from "./kind-view";

/** What an address of this kind's page may say. */
export function logRules({ filters, tabs, windowMaxMs }: KindView): LogRules {
  return { filters: [...filters.map(({ name }) => name), ...(tabs ? [tabs] : []), QUERY_PARAM], windowMaxMs };
}
