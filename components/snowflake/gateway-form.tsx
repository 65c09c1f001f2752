import { GATEWAYS, type GatewayId, gateways } from "@/lib/snowflake/gateways";
import { Field } from "../ui/field";
import { Select } from "../ui/select";
import type { SettingsForm } from "./names-form";

const ITEMS = GATEWAYS.map((id) => ({ value: id, label: gateways[id].name }));

function urlFault(url: string): string | undefined {
  const isHttps = URL.canParse(url) && new URL(url).protocol === "https:";
  return url === "" || isHttps ? undefined : "must be an https address";
}

/** Which gateway, and what its API integration has to know. */
export function GatewayForm({ settings, onChange }: SettingsForm) {
  const { fields, urlExample } = gateways[settings.gateway];
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Select
        label="Gateway"
        items={ITEMS}
        value={settings.gateway}
        onChange={(gateway) => onChange({ gateway: gateway as GatewayId, gatewayFields: {} })}
      />
      <Field
        label="Address at the gateway"
        mono
        spellCheck={false}
        autoComplete="off"
        placeholder={urlExample}
        value={settings.gatewayUrl}
        onChange={(event) => onChange({ gatewayUrl: event.target.value.trim() })}
        error={urlFault(settings.gatewayUrl)}
      />
      {fields.map(({ parameter, label, example }) => (
        <Field
          key={parameter}
          label={label}
          mono
          spellCheck={false}
          autoComplete="off"
          placeholder={example}
          value={settings.gatewayFields[parameter] ?? ""}
          onChange={(event) =>
            onChange({ gatewayFields: { ...settings.gatewayFields, [parameter]: event.target.value.trim() } })
          }
        />
      ))}
    </div>
  );
}
