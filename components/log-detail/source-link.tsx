import { ExternalLink } from "lucide-react";
import type { Row } from "../log-table/kind-view";
import { buttonClass } from "../ui/button";
import { type QueryLinks, queryLink } from "./query-link";

/** To the query in the data source that ran it, where that has an address for queries. */
export function SourceLink({ row, links }: { row: Row; links: QueryLinks }) {
  const source = typeof row.data_source_id === "string" ? row.data_source_id : "";
  const address = queryLink(Object.hasOwn(links, source) ? links[source] : undefined, row.query_id);
  if (!address) return null;
  return (
    <a href={address} target="_blank" rel="noreferrer" className={buttonClass({ size: "small" })}>
      <ExternalLink aria-hidden className="size-3.5" />
      Find in the data source
    </a>
  );
}
