import type { Metadata } from "next";
import Link from "next/link";
import { ApiKeyList } from "@/components/api-keys/api-key-list";
import { CreateApiKeyDialog } from "@/components/api-keys/create-api-key";
import { NotAllowed } from "@/components/ui/not-allowed";
import { Notice } from "@/components/ui/notice";
import { SettingsPage } from "@/components/ui/settings-page";
import { pageOrRefusal } from "@/lib/access/page";
import { POLICY, SCOPES } from "@/lib/access/policy";
import { listApiKeys } from "@/lib/api-keys/api-keys";
import { listApps } from "@/lib/apps/apps";

export const metadata: Metadata = { title: "API keys" };

export default async function ApiKeysPage() {
  const ctx = await pageOrRefusal("keys:manage", "events:read");
  if ("refused" in ctx) return <NotAllowed title="API keys" role={ctx.role} act="manage API keys" />;
  const [apiKeys, apps] = await Promise.all([listApiKeys(ctx), listApps(ctx)]);
  const scopes = SCOPES.filter((scope) => ctx.permissions.has(scope)).map((id) => ({
    id,
    description: POLICY[id].description,
  }));
  return (
    <SettingsPage
      title="API keys"
      lead="Programs write and read with a key. It can do no more than the person who made it."
      action={
        apps.length > 0 ? (
          <CreateApiKeyDialog
            apps={apps.map(({ id, name }) => ({ id, name }))}
            scopes={scopes}
            canReachAll={ctx.seesWholeOrganization}
          />
        ) : null
      }
    >
      {apps.length === 0 ? (
        <Notice tone="info" title="A key needs an application, and you have none.">
          {ctx.permissions.has("apps:manage") ? (
            <Link href="/settings/applications" className="text-accent underline">
              Make the first one
            </Link>
          ) : (
            "An owner or admin can give you one."
          )}
        </Notice>
      ) : null}
      <ApiKeyList
        apiKeys={apiKeys}
        appNames={Object.fromEntries(apps.map(({ id, name }) => [id, name]))}
        now={new Date().toISOString()}
      />
    </SettingsPage>
  );
}
