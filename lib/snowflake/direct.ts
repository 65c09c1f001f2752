import { HOURLY, loginRecords } from "./logins";
import { procedureCode } from "./procedure";
import { quoteIdentifier, quoteLiteral, quotePath } from "./quote";
import { customEventsUrl, type SnowflakeSettings, type SqlBlock } from "./settings";

/** `host:port` of an origin, for a network rule. */
function hostPort(origin: string): string {
  if (!URL.canParse(origin)) return origin;
  const { hostname, port, protocol } = new URL(origin);
  return `${hostname}:${port || (protocol === "http:" ? "80" : "443")}`;
}

const named = ({ database, schema, functionName }: SnowflakeSettings, end: string) =>
  quotePath(database, schema, functionName + end);
const access = ({ functionName }: SnowflakeSettings) => quoteIdentifier(`${functionName}_ACCESS`);

function networkAccess(settings: SnowflakeSettings): string {
  const { database, schema, origin } = settings;
  return `CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(database)};
CREATE SCHEMA IF NOT EXISTS ${quotePath(database, schema)};

CREATE OR REPLACE NETWORK RULE ${named(settings, "_HOST")}
  MODE = EGRESS
  TYPE = HOST_PORT
  VALUE_LIST = (${quoteLiteral(hostPort(origin))});

CREATE OR REPLACE SECRET ${named(settings, "_API_KEY")}
  TYPE = GENERIC_STRING
  SECRET_STRING = 'put the API key here';

CREATE OR REPLACE EXTERNAL ACCESS INTEGRATION ${access(settings)}
  ALLOWED_NETWORK_RULES = (${named(settings, "_HOST")})
  ALLOWED_AUTHENTICATION_SECRETS = (${named(settings, "_API_KEY")})
  ENABLED = TRUE;`;
}

function procedure(settings: SnowflakeSettings): string {
  return `CREATE OR REPLACE PROCEDURE ${named(settings, "_SEND_LOGINS")}()
  RETURNS VARIANT
  LANGUAGE PYTHON
  RUNTIME_VERSION = '3.11'
  PACKAGES = ('snowflake-snowpark-python')
  HANDLER = 'send_logins'
  EXTERNAL_ACCESS_INTEGRATIONS = (${access(settings)})
  SECRETS = ('api_key' = ${named(settings, "_API_KEY")})
  EXECUTE AS CALLER
AS
$$
${procedureCode({ url: customEventsUrl(settings), query: loginRecords(settings.database) })}
$$;

-- Once, by hand: the answer says how many rows were stored.
CALL ${named(settings, "_SEND_LOGINS")}();`;
}

function task(settings: SnowflakeSettings): string {
  const name = named(settings, "_SEND_LOGINS_HOURLY");
  return `CREATE OR REPLACE TASK ${name}
  WAREHOUSE = ${quoteIdentifier(settings.warehouse)}
  ${HOURLY}
AS
CALL ${named(settings, "_SEND_LOGINS")}();

-- Snowflake makes tasks suspended: this starts it.
ALTER TASK ${name} RESUME;`;
}

/** The way without a gateway: a Python procedure that posts to our API itself. */
export function direct(settings: SnowflakeSettings): SqlBlock[] {
  return [
    {
      id: "access",
      title: "Network rule, secret and access",
      about:
        "Lets one procedure reach this server. The API key needs the scope events:write and lies in Snowflake's secret, where no query can read it.",
      sql: networkAccess(settings),
    },
    {
      id: "procedure",
      title: "Procedure",
      about:
        "Posts the logins of the last full hour, split into submissions of at most 262,144 bytes. It runs with the caller's rights, because LOGIN_HISTORY answers no owner's procedure, and sends each submission with a key, so that a second run stores nothing twice.",
      sql: procedure(settings),
    },
    {
      id: "procedure-task",
      title: "Hourly task",
      about: "Calls it ten minutes after each hour.",
      sql: task(settings),
    },
  ];
}
