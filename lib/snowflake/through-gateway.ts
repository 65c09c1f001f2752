import { gateways } from "./gateways";
import { HOURLY, indent, loginRecords } from "./logins";
import { quoteIdentifier, quoteLiteral, quotePath } from "./quote";
import type { SnowflakeSettings, SqlBlock } from "./settings";

/** Logins in one submission: about 500 bytes each, so that 262,144 bytes are far away. */
const RECORDS_A_CALL = 200;

/** Up to and including the last slash of the path: what the integration may call, and no more. */
function allowedPrefix(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname } = new URL(url);
  return origin + pathname.slice(0, pathname.lastIndexOf("/") + 1);
}

function apiIntegration(settings: SnowflakeSettings): string {
  const { provider, fields } = gateways[settings.gateway];
  const given = fields.map(
    ({ parameter, example }) => `  ${parameter} = ${quoteLiteral(settings.gatewayFields[parameter] || example)}`,
  );
  return `CREATE OR REPLACE API INTEGRATION ${quoteIdentifier(`${settings.functionName}_GATEWAY`)}
  API_PROVIDER = ${provider}
${given.join("\n")}
  API_ALLOWED_PREFIXES = (${quoteLiteral(allowedPrefix(settings.gatewayUrl))})
  ENABLED = TRUE;

DESCRIBE INTEGRATION ${quoteIdentifier(`${settings.functionName}_GATEWAY`)};`;
}

function externalFunction({ database, schema, functionName, gatewayUrl }: SnowflakeSettings): string {
  return `CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(database)};
CREATE SCHEMA IF NOT EXISTS ${quotePath(database, schema)};

CREATE OR REPLACE EXTERNAL FUNCTION ${quotePath(database, schema, `${functionName}_EXTERNAL`)}("records" ARRAY)
  RETURNS VARIANT
  VOLATILE
  API_INTEGRATION = ${quoteIdentifier(`${functionName}_GATEWAY`)}
  MAX_BATCH_ROWS = 1
  COMPRESSION = NONE
  AS ${quoteLiteral(gatewayUrl)};`;
}

function builders({ database, schema, functionName }: SnowflakeSettings): string {
  const external = quotePath(database, schema, `${functionName}_EXTERNAL`);
  const record = `TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL(
  'event_type', "event_type",
  'content_type', 'application/json',
  'event_time', DATE_PART('EPOCH_MILLISECOND', "event_time"),
  'event_details', "event_details"
))`;
  return `CREATE OR REPLACE FUNCTION ${quotePath(database, schema, `${functionName}_RECORD`)}(
  "event_type" VARCHAR, "event_details" OBJECT, "event_time" TIMESTAMP_LTZ
)
  RETURNS VARCHAR
  AS ${quoteLiteral(record)};

CREATE OR REPLACE FUNCTION ${quotePath(database, schema, functionName)}("records" ARRAY)
  RETURNS VARIANT
  AS ${quoteLiteral(`${external}("records")`)};

-- By hand: one event, as it happens now.
SELECT ${quotePath(database, schema, functionName)}(ARRAY_CONSTRUCT(
  ${quotePath(database, schema, `${functionName}_RECORD`)}(
    'HELLO', OBJECT_CONSTRUCT('said_by', CURRENT_USER()), CURRENT_TIMESTAMP()
  )
)) AS "answer";`;
}

function loginTask({ database, schema, functionName, warehouse }: SnowflakeSettings): string {
  const task = quotePath(database, schema, `${functionName}_LOGINS`);
  const answers = quotePath(database, schema, `${functionName}_ANSWERS`);
  return `CREATE TABLE IF NOT EXISTS ${answers} ("sent_at" TIMESTAMP_LTZ, "answer" VARIANT);

CREATE OR REPLACE TASK ${task}
  WAREHOUSE = ${quoteIdentifier(warehouse)}
  ${HOURLY}
AS
INSERT INTO ${answers} ("sent_at", "answer")
SELECT CURRENT_TIMESTAMP(), ${quotePath(database, schema, functionName)}("records")
FROM (
  SELECT ARRAY_AGG("record") WITHIN GROUP (ORDER BY "at") AS "records"
  FROM (
    SELECT "at", "record", FLOOR((ROW_NUMBER() OVER (ORDER BY "at", "record") - 1) / ${RECORDS_A_CALL}) AS "part"
    FROM (
${indent(loginRecords(database), 6)}
    )
  )
  GROUP BY "part"
);

-- Snowflake makes tasks suspended: this starts it.
ALTER TASK ${task} RESUME;

-- The last answers: what is under "errors" was not stored.
SELECT "sent_at", "answer" FROM ${answers} ORDER BY "sent_at" DESC LIMIT 10;`;
}

function functionNameQuery({ database, schema, functionName }: SnowflakeSettings): string {
  const part = (column: string) => `'"' || REPLACE(${column}, '"', '""') || '"'`;
  return `SELECT ${["FUNCTION_CATALOG", "FUNCTION_SCHEMA", "FUNCTION_NAME"].map(part).join(" || '.' || ")} AS "function"
FROM ${quoteIdentifier(database)}.INFORMATION_SCHEMA.FUNCTIONS
WHERE FUNCTION_SCHEMA = ${quoteLiteral(schema)} AND FUNCTION_NAME = ${quoteLiteral(functionName)}
LIMIT 1;`;
}

/** The way of the seed: an external function, which Snowflake calls through a gateway. */
export function throughGateway(settings: SnowflakeSettings): SqlBlock[] {
  return [
    {
      id: "api-integration",
      title: "API integration",
      about: `Lets Snowflake call the gateway, and nothing else. ${gateways[settings.gateway].trust}`,
      sql: apiIntegration(settings),
    },
    {
      id: "external-function",
      title: "External function",
      about:
        "Sends one array of records a request, uncompressed, so that each call is one submission of at most 262,144 bytes. It has no HEADERS, which whoever may see the function can read: the API key and the data source are at the gateway.",
      sql: externalFunction(settings),
    },
    {
      id: "functions",
      title: "Functions",
      about: "One that builds a record, and the one that queries and tasks call with a batch of records.",
      sql: builders(settings),
    },
    {
      id: "task",
      title: "Hourly task for logins",
      about: "Records the logins of each full hour as LOGIN events, ten minutes after it, and keeps the answers.",
      sql: loginTask(settings),
    },
    {
      id: "function-name",
      title: "Name of the function",
      about: "One row: the full name of the function, quoted, to be put into queries of your own.",
      sql: functionNameQuery(settings),
    },
  ];
}

/** What queries need to be seen at all. */
export function monitorGrant({ warehouse, role }: SnowflakeSettings): SqlBlock {
  return {
    id: "monitor",
    title: "MONITOR on the warehouse",
    about:
      "For the query log, not for custom events. Without this grant Snowflake hides queries of other users from the role, without an error: no query row ever appears. Run it for every warehouse in use.",
    sql: `GRANT MONITOR ON WAREHOUSE ${quoteIdentifier(warehouse)} TO ROLE ${quoteIdentifier(role)};`,
  };
}
