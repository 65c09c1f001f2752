import type { ReactNode } from "react";
import { AppFrame } from "@/components/frame/app-frame";
import type { PageId } from "@/components/frame/navigation";
import { QueryProvider } from "@/components/query-provider";
import { ViewerProvider } from "@/components/viewer";
import { page } from "@/lib/access/page";
import type { Permission } from "@/lib/access/policy";
import { listApps } from "@/lib/apps/apps";
import { organizationName } from "@/lib/organization/organization";

const PAGES: readonly { id: PageId; permission: Permission }[] = [
  { id: "calls", permission: "events:read" },
  { id: "applications", permission: "apps:manage" },
  { id: "api-keys", permission: "keys:manage" },
];

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const ctx = await page("events:read");
  const [apps, organization] = await Promise.all([listApps(ctx), organizationName(ctx)]);
  const { email, role } = ctx.actor.type === "user" ? ctx.actor : { email: "", role: "" };
  return (
    <QueryProvider>
      <AppFrame
        organization={organization}
        email={email}
        role={role}
        apps={apps.map(({ id, name }) => ({ id, name }))}
        pages={PAGES.filter(({ permission }) => ctx.permissions.has(permission)).map(({ id }) => id)}
      >
        <ViewerProvider permissions={[...ctx.permissions]}>{children}</ViewerProvider>
      </AppFrame>
    </QueryProvider>
  );
}
