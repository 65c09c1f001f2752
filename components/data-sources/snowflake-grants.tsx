import Link from "next/link";
import type { DataSource } from "@/lib/contracts/data-sources";
import { Notice } from "../ui/notice";

/** The trap of Snowflake: without MONITOR on a warehouse its queries are left out, and nothing says so. */
export function SnowflakeGrants({ source: { id } }: { source: DataSource }) {
  return (
    <Notice
      tone="warning"
      title="Without MONITOR on a warehouse, nothing of it is recorded."
      actions={
        <Link
          href={`/settings/data-sources/${id}/snowflake`}
          prefetch={false}
          className="text-accent text-sm underline"
        >
          SQL for this data source
        </Link>
      }
    >
      The role that reads the query history needs it on every warehouse whose queries are to be audited. Queries of
      other warehouses are left out without a word: they look like silence.
    </Notice>
  );
}
