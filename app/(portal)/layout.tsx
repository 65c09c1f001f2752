import type { ReactNode } from "react";
import { AppFrame } from "@/components/frame/app-frame";
import type { PageId } from "@/components/frame/navigation";
import { QueryProvider } from "@/components/query-provider";
import { ViewerProvider } from "@/components/viewer";
import { page } from "@/lib/access/page";
import type { Permission } from "@/lib/access/policy";
import { listApps } from "@/lib/apps/apps";
import { organizationName } from "@/lib/organization/organization";

const PAGES: readonly { id: PageId; permission: Permission; wholeOrganization?: true }[] = [
  { id: "calls", permission: "events:read" },
  { id: "query", permission: "events:read" },
  { id: "custom", permission: "events:read" },
  { id: "system", permission: "events:read", wholeOrganization: true },
  { id: "applications", permission: "apps:manage" },
  { id: "api-keys", permission: "keys:manage" },
  { id: "data-sources", permission: "sources:manage" },
  { id: "preferences", permission: "events:read" },
];

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const ctx = await page("events:read");
  const [apps, organization] = await Promise.all([listApps(ctx), organizationName(ctx)]);
  const pages = PAGES.filter(
    ({ permission, wholeOrganization = false }) =>
      ctx.permissions.has(permission) && (!wholeOrganization || ctx.seesWholeOrganization),
  );
  const { email, role } = ctx.actor.type === "user" ? ctx.actor : { email: "", role: "" };
  return (
    <QueryProvider>
      <AppFrame
        organization={organization}
        email={email}
        role={role}
        apps={apps.map(({ id, name }) => ({ id, name }))}
        pages={pages.map(({ id }) => id)}
      >
        <ViewerProvider permissions={[...ctx.permissions]}>{children}</ViewerProvider>
      </AppFrame>
    </QueryProvider>
  );
}
