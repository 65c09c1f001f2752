import { decisionCell, objectsCell, queryRowClass, rowsCell, statusMark, tagsCell } from "./query-cells";
import type { TableLook } from "./table-look";

/*
 * A narrow table has two lines a row: time and decision, below them user, statement and rows. From 42rem on it is one line,
 * with more columns the wider it gets; from 100rem on, an id of 36 characters is there whole.
 */
export const QUERY: TableLook = {
  timeHead: "Completion Time (UTC)",
  timeMark: statusMark,
  grid: "grid-cols-[auto_minmax(0,1fr)_auto_auto] @2xl:grid-cols-[11.25rem_6rem_minmax(0,1fr)_5.875rem] @4xl:grid-cols-[11.25rem_6rem_minmax(0,1fr)_6rem_5.875rem_7.25rem] @5xl:grid-cols-[11.25rem_5.5rem_4rem_minmax(0,4fr)_5rem_5.875rem_minmax(0,1fr)_4.5rem] @6xl:gap-x-3 @6xl:grid-cols-[11.25rem_5.5rem_3.5rem_minmax(0,4fr)_7.5rem_5.875rem_minmax(0,1.5fr)_4.5rem_7.25rem] @min-[84rem]:grid-cols-[15rem_8rem_5rem_minmax(0,4fr)_9rem_5.875rem_minmax(0,1.5fr)_7rem_8rem] @min-[100rem]:grid-cols-[15rem_8rem_5rem_minmax(0,4fr)_16.5rem_5.875rem_minmax(0,1.5fr)_7rem_8rem]",
  columns: [
    {
      field: "username",
      className: "@max-2xl:col-start-1 @max-2xl:row-start-2 @max-2xl:max-w-28 @max-2xl:pl-[1.125rem]",
    },
    { field: "role", className: "hidden @5xl:block" },
    {
      field: "query_text",
      head: "Query Text",
      className: "@max-2xl:col-span-2 @max-2xl:col-start-2 @max-2xl:row-start-2",
      mono: true,
      long: "always",
    },
    { field: "query_id", className: "hidden @4xl:block", mono: true, long: "always", isId: true },
    {
      field: "rows_accessed",
      head: "Rows Accessed",
      className: "text-right @max-2xl:col-start-4 @max-2xl:row-start-2",
      render: rowsCell,
    },
    { field: "objects_accessed", head: "Objects", className: "hidden @5xl:block", render: objectsCell },
    { field: "tags_accessed", head: "Tags", className: "hidden @6xl:block", render: tagsCell },
    {
      field: "decision",
      className:
        "@max-2xl:col-span-2 @max-2xl:col-start-3 @max-2xl:row-start-1 @max-2xl:justify-self-end @2xl:@max-4xl:hidden",
      render: decisionCell,
    },
  ],
  rowClass: queryRowClass,
};
