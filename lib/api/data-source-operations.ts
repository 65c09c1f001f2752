import "server-only";
import { BODY_ERRORS, type OperationDoc } from "./operation-doc";

export const DATA_SOURCE_OPERATIONS = {
  listDataSources: {
    tag: "Data sources",
    summary: "List data sources",
    description:
      "Those of the applications that the key may address, oldest first, disconnected ones too. A password is never answered.",
    errors: [],
    sample: {},
  },
  createDataSource: {
    tag: "Data sources",
    summary: "Connect a data source",
    description: `Rows of kind \`query\` and \`custom\` may name it in \`data_source_id\` from then on; the texts of its statements are redacted in the dialect of its \`type\`.

For PostgreSQL, give \`host\`, \`database\` and \`username\` too, where this server can reach it: then its catalogue can be read and its settings checked. Nothing is sent to it before you ask for a test.`,
    errors: [...BODY_ERRORS, "conflict", "not_found"],
    sample: {
      body: {
        name: "Orders",
        app_id: "0198b6a2-52f0-7c3e-9a44-1f6f0c2f7a10",
        type: "postgres",
        host: "db.example.com",
        database: "orders",
        username: "affidavit_reader",
        password: "correct horse battery staple",
        tls: "verify-full",
      },
    },
  },
  getDataSource: {
    tag: "Data sources",
    summary: "Read one data source",
    description:
      "Also with the scope of a collector, which only writes rows: it is told id, application, name, type, host and state.",
    errors: ["not_found"],
    sample: {},
  },
  updateDataSource: {
    tag: "Data sources",
    summary: "Change a data source",
    description: `What is absent stays; null takes a value away. The type and the application cannot be changed.

The password is needed again when the host or the port changes, or TLS gets weaker: the stored one was given for the server that was there before.`,
    errors: [...BODY_ERRORS, "conflict", "not_found"],
    sample: { body: { query_link: "https://console.example.com/queries/{query_id}" } },
  },
  disconnectDataSource: {
    tag: "Data sources",
    summary: "Disconnect a data source",
    description:
      "Its password is forgotten and nothing connects to it any more. Its rows, its catalogue and its name stay. `PATCH` with `state: connected` brings it back.",
    errors: ["not_found"],
    sample: {},
  },
  testDataSource: {
    tag: "Data sources",
    summary: "Test a data source's connection",
    description:
      "Connects, signs in and reads the version, within 5 s. `last_test` of the answer says what was found: a connection that fails is an answer, too, and says what to do.",
    errors: ["conflict", "not_found", "source_unreachable"],
    sample: {},
  },
  refreshCatalogue: {
    tag: "Data sources",
    summary: "Read the catalogue from the data source",
    description:
      "PostgreSQL only: the tables and views of the database that it connects to, without the system's own. Columns that stay keep their tags and whether they are connected; new ones are connected.",
    errors: ["conflict", "not_found", "source_unreachable"],
    sample: {},
  },
  checkCoverage: {
    tag: "Data sources",
    summary: "Check whether a data source's statements will be recorded",
    description:
      "PostgreSQL only: reads the settings that decide what the server writes to its log, and says what each means and how it is mended. An `error` means that nothing is recorded.",
    errors: ["conflict", "not_found", "source_unreachable"],
    sample: {},
  },
  readCatalogue: {
    tag: "Data sources",
    summary: "Read a data source's catalogue",
    description:
      "One entry a column, in order of their names. Send `next_cursor` as `cursor` until it is null. Also with the scope of a collector.",
    errors: ["invalid_cursor", "not_found"],
    sample: {},
  },
  changeCatalogue: {
    tag: "Data sources",
    summary: "Change columns of a catalogue",
    description: "One column, or all columns of a table: connected or not, and a tag put on or taken off.",
    errors: [...BODY_ERRORS, "conflict", "not_found"],
    sample: {
      body: {
        database: "orders",
        schema: "public",
        table: "customers",
        column: "email",
        tag: { key: "sensitivity", value: "personal" },
      },
    },
  },
  replaceCatalogue: {
    tag: "Data sources",
    summary: "Replace a data source's catalogue",
    description:
      "For sources that this server cannot reach. At most 100,000 columns and 32 MiB. Columns that are not in it are taken out.",
    errors: [...BODY_ERRORS, "conflict", "not_found"],
    sample: {
      body: {
        columns: [
          {
            database: "orders",
            schema: "public",
            table: "customers",
            column: "email",
            data_type: "text",
            connected: true,
            tags: [{ key: "sensitivity", value: "personal" }],
          },
        ],
      },
    },
  },
} as const satisfies Record<string, OperationDoc>;
