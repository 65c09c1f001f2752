import { outcomeRowClass } from "./outcome";
import type { TableLook } from "./table-look";

/*
 * A narrow table has two lines a row: time and outcome, below them provider, method, status and latency. From 42rem on it
 * is one line, with more columns the wider it gets.
 */
export const CALL: TableLook = {
  grid: "grid-cols-[auto_minmax(0,1fr)_auto_auto] @2xl:grid-cols-[11.25rem_7.75rem_3rem_minmax(0,1fr)_5.25rem] @4xl:grid-cols-[11.25rem_7.75rem_3rem_8.25rem_5.25rem_minmax(0,1fr)_5.25rem] @5xl:grid-cols-[11.25rem_7.75rem_3rem_8.25rem_5.25rem_minmax(0,1fr)_7rem_5.25rem] @6xl:grid-cols-[11.25rem_7.75rem_3rem_8.25rem_5.25rem_minmax(0,3fr)_8rem_minmax(0,2fr)_5.25rem] @min-[84rem]:grid-cols-[11.25rem_7.75rem_3rem_10rem_7rem_minmax(0,3fr)_11rem_minmax(0,2fr)_5.25rem]",
  columns: [
    { field: "outcome", className: "@max-2xl:col-span-2 @max-2xl:justify-self-end" },
    {
      field: "response_status",
      head: "Status",
      className: "text-right @max-2xl:col-start-3 @max-2xl:row-start-2",
      mono: true,
    },
    {
      field: "provider_id",
      head: "Provider",
      className: "@max-2xl:col-start-1 @max-2xl:row-start-2 @max-2xl:pl-[1.125rem]",
    },
    {
      field: "method",
      className: "@max-2xl:col-start-2 @max-2xl:row-start-2 @2xl:@max-4xl:hidden",
      mono: true,
    },
    { field: "url", className: "hidden @4xl:block", mono: true, long: true },
    {
      field: "principal_label",
      otherwise: ["principal_user_id", "principal_group_id", "principal_agent_id"],
      head: "Principal",
      className: "hidden @5xl:block",
    },
    { field: "reason", className: "hidden @6xl:block", long: true },
    {
      field: "latency_ms",
      head: "Latency",
      className: "text-right @max-2xl:col-start-4 @max-2xl:row-start-2",
      mono: true,
      unit: "ms",
    },
  ],
  rowClass: ({ outcome }) => outcomeRowClass(outcome),
};
