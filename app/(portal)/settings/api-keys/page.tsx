import type { Metadata } from "next";
import { ApiKeyList } from "@/components/api-keys/api-key-list";
import { CreateApiKeyDialog } from "@/components/api-keys/create-api-key";
import { Notice } from "@/components/ui/notice";
import { SettingsPage } from "@/components/ui/settings-page";
import { page } from "@/lib/access/page";
import { POLICY, SCOPES } from "@/lib/access/policy";
import { listApiKeys } from "@/lib/api-keys/api-keys";
import { listApps } from "@/lib/apps/apps";

export const metadata: Metadata = { title: "API keys" };

export default async function ApiKeysPage() {
  const ctx = await page("keys:manage", "events:read");
  const [apiKeys, apps] = await Promise.all([listApiKeys(ctx), listApps(ctx)]);
  const scopes = SCOPES.filter((scope) => ctx.permissions.has(scope)).map((id) => ({
    id,
    description: POLICY[id].description,
  }));
  return (
    <SettingsPage
      title="API keys"
      lead="A key belongs to one application and can do no more than the person who made it."
      action={
        apps.length > 0 ? (
          <CreateApiKeyDialog apps={apps.map(({ id, name }) => ({ id, name }))} scopes={scopes} />
        ) : null
      }
    >
      {apps.length === 0 ? <Notice tone="info" title="A key needs an application, and you have none yet." /> : null}
      <ApiKeyList
        apiKeys={apiKeys}
        appNames={Object.fromEntries(apps.map(({ id, name }) => [id, name]))}
        now={new Date().toISOString()}
      />
    </SettingsPage>
  );
}
