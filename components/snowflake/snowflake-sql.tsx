"use client";

import { useState } from "react";
import { direct } from "@/lib/snowflake/direct";
import { gateways } from "@/lib/snowflake/gateways";
import { externalFunctionUrl, type SnowflakeSettings } from "@/lib/snowflake/settings";
import { monitorGrant, throughGateway } from "@/lib/snowflake/through-gateway";
import { CodeBlock } from "../api-reference/code-block";
import { Notice } from "../ui/notice";
import { GatewayForm } from "./gateway-form";
import { NamesForm } from "./names-form";
import { SqlSection } from "./sql-section";

interface SnowflakeSqlProps {
  /** Public origin of this server. */
  origin: string;
  appId: string;
  dataSourceId: string;
  /** The organization's id with underscores. */
  schema: string;
}

/** The forms, and the SQL that follows from them as they are filled in. */
export function SnowflakeSql({ origin, appId, dataSourceId, schema }: SnowflakeSqlProps) {
  const [settings, setSettings] = useState<SnowflakeSettings>({
    gateway: "aws",
    gatewayUrl: "",
    gatewayFields: {},
    origin,
    appId,
    dataSourceId,
    database: "AFFIDAVIT",
    schema,
    functionName: "CUSTOM_EVENTS",
    warehouse: "COMPUTE_WH",
    role: "AUDITOR",
  });
  const change = (part: Partial<SnowflakeSettings>) => setSettings({ ...settings, ...part });
  const gateway = gateways[settings.gateway];
  const printed = { ...settings, gatewayUrl: settings.gatewayUrl || gateway.urlExample };
  const isPublic = origin.startsWith("https://");
  return (
    <>
      {isPublic ? null : (
        <Notice tone="warning" title="Snowflake cannot reach this server">
          Its public address is {origin}. Snowflake and the gateways call only public https addresses: set AFFIDAVIT_URL
          first.
        </Notice>
      )}
      <NamesForm settings={settings} onChange={change} />
      <SqlSection
        title="Through a gateway"
        lead="An external function, as queries call it. Snowflake calls one only through Amazon API Gateway, Azure API Management or Google Cloud API Gateway, so one of these must lead here."
        blocks={throughGateway(printed)}
      >
        <GatewayForm settings={settings} onChange={change} />
        <div className="flex flex-col gap-2">
          <h3 className="font-medium text-sm">At the gateway</h3>
          <p className="max-w-2xl text-muted text-sm">
            It passes POST requests on to the address below, with all headers that begin with sf-external-function. The
            API key (scope events:write) is added there, never in Snowflake. {gateway.keyPlace}
          </p>
          <CodeBlock caption="Address" of="what the gateway calls" text={externalFunctionUrl(printed)} />
        </div>
      </SqlSection>
      <SqlSection
        title="Without a gateway"
        lead="A Python procedure that posts to this server itself. It needs external access, which trial accounts of Snowflake do not have."
        blocks={direct(printed)}
      />
      <SqlSection
        title="For the query log"
        lead="What the role that reads the query history must be granted."
        blocks={[monitorGrant(printed)]}
      />
    </>
  );
}
