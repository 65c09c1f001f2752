import { cookies } from "next/headers";
import { type ReactNode, Suspense } from "react";
import { AccountButton } from "./account-button";
import type { AppChoice } from "./app-choice";
import { AppSwitch } from "./app-switch";
import { MobileNavigation } from "./mobile-navigation";
import type { PageId } from "./navigation";
import { Sidebar } from "./sidebar";
import { NARROW, SIDEBAR_COOKIE } from "./sidebar-width";

interface AppFrameProps {
  organization: string;
  email: string;
  role: string;
  apps: readonly AppChoice[];
  pages: readonly PageId[];
  children: ReactNode;
}

/** Navigation on the left, organization and app on top, the page below. */
export async function AppFrame({ organization, email, role, apps, pages, children }: AppFrameProps) {
  const startsNarrow = (await cookies()).get(SIDEBAR_COOKIE)?.value === NARROW;
  return (
    <div className="isolated flex h-dvh">
      <a
        href="#main"
        className="sr-only z-20 rounded-md bg-raised px-3 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:shadow-lg"
      >
        Skip to the page
      </a>
      <Sidebar pages={pages} startsNarrow={startsNarrow} />
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b px-2 sm:px-3">
          <MobileNavigation pages={pages} />
          <span className="hidden min-w-0 truncate font-medium text-sm sm:block lg:pl-1">{organization}</span>
          <Suspense>
            <AppSwitch apps={apps} />
          </Suspense>
          <div className="flex-1" />
          <AccountButton email={email} role={role} organization={organization} />
        </header>
        <main id="main" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
          {children}
        </main>
      </div>
    </div>
  );
}
