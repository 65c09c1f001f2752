import type { ReactNode } from "react";
import { SayProvider } from "./toast";

/** The page's title, where the focus can be put. */
export const PAGE_TITLE_ID = "page-title";

interface SettingsPageProps {
  title: string;
  lead: string;
  /** The button that adds one. */
  action?: ReactNode;
  children: ReactNode;
}

/** A settings page: title, one sentence, its lists. */
export function SettingsPage({ title, lead, action, children }: SettingsPageProps) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="flex max-w-6xl flex-col gap-5 px-3 py-5 sm:px-6">
        <SayProvider>
          <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
            <div className="flex max-w-xl flex-col gap-1">
              <h1 id={PAGE_TITLE_ID} tabIndex={-1} className="font-semibold text-base">
                {title}
              </h1>
              <p className="text-muted text-sm">{lead}</p>
            </div>
            {action}
          </div>
          {children}
        </SayProvider>
      </div>
    </div>
  );
}
