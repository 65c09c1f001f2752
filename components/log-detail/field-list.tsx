"use client";

import { actorOf } from "../log-table/actor";
import type { Row } from "../log-table/kind-view";
import { useKeyNames, useLogActions } from "../log-table/log-actions";
import { cx } from "../ui/class-names";
import { fieldGroups, type ShownField } from "./field-groups";
import { FieldValue } from "./field-value";

/** A row's fields that have a value, in groups. */
export function FieldList({ row }: { row: Row }) {
  const { kind } = useLogActions();
  const keyNames = useKeyNames();
  // Nobody is somebody, too: an act without a person says who did it all the same.
  const named = kind.id === "system" ? { ...row, actor_email: actorOf(row, keyNames) } : row;
  return (
    <div className="grid min-w-0 content-start gap-x-6 gap-y-4 @5xl:grid-cols-2">
      {fieldGroups(kind, named).map((group) => (
        <section key={group.title} className={cx("min-w-0", group.fields.some(isTable) && "@5xl:col-span-2")}>
          <h2 className="mb-1 flex h-7 items-center font-medium text-ink text-xs">{group.title}</h2>
          <dl className="flex flex-col gap-1 text-xs">
            {group.fields.map((field) => (
              <Line key={field.name} field={field} row={row} />
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

const isTable = ({ type }: ShownField) => type === "objects";

/** A name and its value, side by side; a table takes the whole width, under the group's heading. */
function Line({ field, row }: { field: ShownField; row: Row }) {
  const wide = isTable(field);
  return (
    <div className={cx("grid gap-3 py-0.5", wide ? "grid-cols-1" : "grid-cols-[8rem_minmax(0,1fr)]")}>
      <dt title={field.description} className={wide ? "sr-only" : "break-words text-muted"}>
        {field.label}
      </dt>
      <dd className="min-w-0 text-ink">
        <FieldValue field={field} row={row} />
      </dd>
    </div>
  );
}
