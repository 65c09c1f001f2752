import type { ReactNode } from "react";

interface AccountSectionProps {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}

/** A part of the account page: what it is on the left, what can be done on the right. */
export function AccountSection({ title, lead, children }: AccountSectionProps) {
  return (
    <section aria-label={title} className="flex flex-col gap-x-8 gap-y-3 border-line border-t pt-5 md:flex-row">
      <div className="flex flex-col gap-1 md:w-56 md:shrink-0">
        <h2 className="font-medium text-sm">{title}</h2>
        {lead ? <p className="text-muted text-xs">{lead}</p> : null}
      </div>
      <div className="min-w-0 flex-1">{children}</div>
    </section>
  );
}
