import { type ReactNode, useId } from "react";
import type { SqlBlock } from "@/lib/snowflake/settings";
import { CodeBlock } from "../api-reference/code-block";

interface SqlSectionProps {
  title: string;
  lead: string;
  blocks: readonly SqlBlock[];
  /** Before the SQL. */
  children?: ReactNode;
}

/** One way, as steps of SQL to be copied. */
export function SqlSection({ title, lead, blocks, children }: SqlSectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-5 border-line border-t pt-5">
      <div className="flex max-w-2xl flex-col gap-1">
        <h2 id={id} className="font-medium text-sm">
          {title}
        </h2>
        <p className="text-muted text-sm">{lead}</p>
      </div>
      {children}
      {blocks.map((block) => (
        <div key={block.id} className="flex min-w-0 flex-col gap-2" data-testid={block.id}>
          <h3 className="font-medium text-sm">{block.title}</h3>
          <p className="max-w-2xl text-muted text-sm">{block.about}</p>
          <CodeBlock caption="SQL" of={block.title} text={block.sql} />
        </div>
      ))}
    </section>
  );
}
