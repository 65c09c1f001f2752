import type { GatewayId } from "./gateways";

/** What the printed SQL is made of. */
export interface SnowflakeSettings {
  gateway: GatewayId;
  /** Address of the gateway that leads to our endpoint. */
  gatewayUrl: string;
  /** By parameter of CREATE API INTEGRATION. */
  gatewayFields: Readonly<Record<string, string>>;
  /** Public origin of this server, such as https://audit.example.com. */
  origin: string;
  appId: string;
  dataSourceId: string;
  database: string;
  schema: string;
  /** The function that queries call with an array of records; the names of everything else begin with it. */
  functionName: string;
  warehouse: string;
  /** The role whose query history is read. */
  role: string;
}

/** One block of SQL to be run. */
export interface SqlBlock {
  id: string;
  title: string;
  /** Why, in a sentence or two. */
  about: string;
  sql: string;
}

const query = ({ appId, dataSourceId }: SnowflakeSettings) =>
  new URLSearchParams({ app_id: appId, data_source_id: dataSourceId }).toString();

/** The address that the gateway calls. */
export const externalFunctionUrl = (settings: SnowflakeSettings) =>
  `${settings.origin}/v1/snowflake/custom-events?${query(settings)}`;

/** The address that the procedure posts to. */
export const customEventsUrl = (settings: SnowflakeSettings) =>
  `${settings.origin}/v1/custom-events?${query(settings)}`;
