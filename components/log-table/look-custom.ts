import { detailsCell, sourceCell, timeSourceCell } from "./custom-cells";
import type { TableLook } from "./table-look";

/* A narrow table has two lines a row: time and type, below them the beginning of the details. */
export const CUSTOM: TableLook = {
  grid: "grid-cols-[auto_minmax(0,1fr)_auto_auto] @2xl:grid-cols-[11.25rem_9rem_minmax(0,1fr)] @4xl:grid-cols-[11.25rem_10rem_9rem_minmax(0,1fr)_9rem] @6xl:grid-cols-[11.25rem_12rem_12rem_minmax(0,1fr)_10rem]",
  columns: [
    { field: "event_type", className: "@max-2xl:col-span-2 @max-2xl:justify-self-end @max-2xl:max-w-full" },
    { field: "data_source_id", head: "Data source", className: "hidden @4xl:block", render: sourceCell },
    {
      field: "event_details",
      head: "Details",
      className: "@max-2xl:col-span-4 @max-2xl:row-start-2 @max-2xl:pl-[1.125rem]",
      render: detailsCell,
    },
    { field: "time_source", head: "Time source", className: "hidden @4xl:block", render: timeSourceCell },
  ],
};
