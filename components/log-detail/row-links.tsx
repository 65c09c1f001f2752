"use client";

import type { MouseEvent } from "react";
import { windowAround } from "../log-filters/url-state";
import type { Row } from "../log-table/kind-view";
import { type NextView, useLogActions } from "../log-table/log-actions";
import { buttonClass } from "../ui/button";
import { SourceLink } from "./source-link";

/** Whose other rows may matter: the first of each line that the row has. */
const RELATED: readonly { title: string; names: readonly string[] }[] = [
  { title: "Same principal", names: ["principal_user_id", "principal_group_id", "principal_agent_id"] },
  { title: "Same agent", names: ["agent_id"] },
  { title: "Same grant", names: ["grant_id"] },
  { title: "Same run", names: ["run_id"] },
  { title: "Same key", names: ["caller_key_prefix", "actor_key_prefix"] },
  { title: "Same user", names: ["username", "actor_email"] },
  { title: "Same session", names: ["session_id"] },
  { title: "Same type", names: ["event_type"] },
  { title: "Same event", names: ["event"] },
  { title: "Same target", names: ["target_id"] },
  { title: "Same data source", names: ["data_source_id"] },
];

/** From a row to those around it. Real links: another tab, a copied address and Back all work. */
export function RowLinks({ row }: { row: Row }) {
  const { filterable, queryLinks } = useLogActions();
  const links = RELATED.flatMap(({ title, names }) => {
    const name = names.find((one) => typeof row[one] === "string" && row[one] !== "" && filterable.has(one));
    return name ? [{ title, next: { filters: { [name]: String(row[name]) } } }] : [];
  });
  return (
    <ul aria-label="Related rows" className="flex flex-wrap gap-1.5">
      {links.map(({ title, next }) => (
        <RelatedLink key={title} title={title} next={next} />
      ))}
      <RelatedLink title="Around this time, ±5 min" next={{ window: windowAround(row.occurred_at), filters: {} }} />
      <RelatedLink title="Only this row" next={{ window: windowAround(row.occurred_at), filters: { id: row.id } }} />
      <li className="empty:hidden">
        <SourceLink row={row} links={queryLinks} />
      </li>
    </ul>
  );
}

function RelatedLink({ title, next }: { title: string; next: NextView }) {
  const { hrefOf, go } = useLogActions();
  const clicked = (event: MouseEvent) => {
    // With a modifier it is the browser's: another tab, another window, a download.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(next);
  };
  return (
    <li>
      <a href={hrefOf(next)} onClick={clicked} className={buttonClass({ size: "small" })}>
        {title}
      </a>
    </li>
  );
}
