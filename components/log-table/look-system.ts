import { actDetailsCell, eventCell } from "./act-cells";
import { outcomeRowClass } from "./outcome";
import { actorCell } from "./system-cells";
import type { TableLook } from "./table-look";

/* A narrow table has two lines a row: time and event, below them who did it and what changed. */
export const SYSTEM: TableLook = {
  timeHead: "Time Stamp (UTC)",
  grid: "grid-cols-[auto_minmax(0,1fr)_auto_auto] @2xl:grid-cols-[11.25rem_10rem_9rem_minmax(0,1fr)] @4xl:grid-cols-[11.25rem_11rem_11rem_9rem_minmax(0,1fr)] @6xl:grid-cols-[11.25rem_15rem_13rem_10rem_minmax(0,1fr)]",
  columns: [
    {
      field: "event",
      className: "@max-2xl:col-span-2 @max-2xl:justify-self-end @max-2xl:max-w-full",
      render: eventCell,
    },
    {
      field: "actor_email",
      head: "User",
      className: "@max-2xl:col-start-1 @max-2xl:row-start-2 @max-2xl:max-w-44 @max-2xl:pl-[1.125rem]",
      render: actorCell,
    },
    { field: "actor_key_prefix", head: "API Key", className: "hidden @4xl:block", mono: true },
    {
      field: "changes",
      head: "Details",
      className: "@max-2xl:col-span-3 @max-2xl:col-start-2 @max-2xl:row-start-2",
      render: actDetailsCell,
    },
  ],
  rowClass: ({ outcome }) => outcomeRowClass(outcome),
};
