import { quoteIdentifier } from "./quote";

/** Columns of LOGIN_HISTORY that go into the details of a LOGIN event, as in the seed's example. */
const COLUMNS = [
  "event_type",
  "user_name",
  "client_ip",
  "first_authentication_factor",
  "second_authentication_factor",
  "is_success",
  "error_code",
  "error_message",
];

/**
 * The logins of the last full hour, one JSON text of a record a row, in a column "record". Whole hours leave neither gap nor
 * overlap between runs that come some minutes late. LOGIN_HISTORY returns 100 rows unless told otherwise, 10,000 at most.
 */
export function loginRecords(database: string): string {
  const details = [
    ...COLUMNS.map((column) => `      '${column}', ${column},`),
    "      'event_time', event_timestamp",
  ].join("\n");
  return `-- The last full hour. An hour whose run failed is a gap; of more than 10,000 logins an hour the rest is cut.
SELECT
  event_timestamp AS "at",
  TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL(
    'event_type', 'LOGIN',
    'content_type', 'application/json',
    'event_time', DATE_PART('EPOCH_MILLISECOND', event_timestamp),
    'event_details', OBJECT_CONSTRUCT_KEEP_NULL(
${details}
    )
  )) AS "record"
FROM TABLE(${quoteIdentifier(database)}.INFORMATION_SCHEMA.LOGIN_HISTORY(
  TIME_RANGE_START => DATEADD('HOUR', -1, DATE_TRUNC('HOUR', CURRENT_TIMESTAMP())),
  TIME_RANGE_END => DATE_TRUNC('HOUR', CURRENT_TIMESTAMP()),
  RESULT_LIMIT => 10000
))
WHERE event_timestamp < DATE_TRUNC('HOUR', CURRENT_TIMESTAMP())`;
}

/** Ten minutes past each hour: LOGIN_HISTORY has the hour's last rows by then. */
export const HOURLY = "SCHEDULE = 'USING CRON 10 * * * * UTC'";

/** Moves a text to the right, for a query inside another one. */
export const indent = (text: string, spaces: number): string => text.replaceAll(/^/gm, " ".repeat(spaces));
