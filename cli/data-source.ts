import { readFile } from "node:fs/promises";
import type { Given, Options } from "./command";
import { UUID } from "./connection";
import { CommandFault, FileFault, ServerFault, UsageFault } from "./faults";
import { Catalogue, type CatalogueColumn } from "./postgres-log/catalogue";
import type { Server } from "./server";

/** Options of commands that record the statements of a data source. */
export const DATA_SOURCE = {
  "data-source": {
    value: "data source",
    about:
      "Id or name of the data source, as under Settings → Data sources: its catalogue says which tables are connected",
  },
  catalogue: {
    value: "file",
    about:
      "A catalogue of the shape that `GET /v1/data-sources/{id}/catalogue` answers, instead of the data source's own: for machines that may not ask the server, and for trying one out with `--dry-run`",
  },
  host: { value: "name", about: "The server's name in the rows. Default: the host of the data source" },
  all: { about: "Records every statement, also those that touch no connected column" },
} as const satisfies Options;

interface ListedSource {
  id: string;
  app_id?: string;
  name: string;
  type: string;
  host?: string | null;
  state?: string;
}

/** A data source and what it holds, as far as either is known. */
export interface DataSource {
  id?: string;
  /** Undefined where the key is not told. */
  name?: string | undefined;
  appId?: string | undefined;
  host?: string | undefined;
  catalogue?: Catalogue;
  /** Reads the catalogue anew. */
  read?: () => Promise<Catalogue>;
}

/** Whom to ask, and how often while there is no answer. */
export interface Asked {
  server: Server;
  attempts?: number | undefined;
}

/** What a key that may only write is not told stays out. */
async function listedById({ server, attempts }: Asked, id: string): Promise<ListedSource | undefined> {
  try {
    return await server.get<ListedSource>(`/v1/data-sources/${id}`, [], attempts);
  } catch (error) {
    if (error instanceof ServerFault && error.status === 403) return undefined;
    throw error;
  }
}

async function listedByName({ server, attempts }: Asked, name: string): Promise<ListedSource> {
  const { data_sources: all = [] } = await server
    .get<{ data_sources?: ListedSource[] }>("/v1/data-sources", [], attempts)
    .catch((error: unknown) => {
      if (!(error instanceof ServerFault && error.status === 403)) throw error;
      throw new UsageFault(
        `This key may not look for "${name}". Use the id instead: a key with events:write reads a data source by its id, as it stands under Settings → Data sources.`,
      );
    });
  const alike = all.filter((source) => source.name.toLowerCase() === name.toLowerCase());
  const found = alike.find((source) => source.name === name) ?? (alike.length === 1 ? alike[0] : undefined);
  if (found) return found;
  const names = all.map((source) => `"${source.name}" (${source.id})`).join(", ");
  throw new UsageFault(
    `There is no data source "${name}" that this key may use at ${server.address}. There ${all.length === 1 ? "is" : "are"} ${names || "none"}; make one under Settings → Data sources.`,
  );
}

/** Nothing is recorded for a data source that was taken out of use. @throws CommandFault */
function refuseDisconnected(listed: ListedSource | undefined): void {
  if (listed?.state !== "disconnected") return;
  throw new CommandFault(
    `"${listed.name}" is disconnected: nothing more is recorded for it. Connect it again under Settings → Data sources, or end this collector for good.`,
  );
}

interface CataloguePage {
  columns?: CatalogueColumn[];
  next_cursor?: string | null;
}
const ofColumns = ({ columns = [] }: CataloguePage) => new Catalogue(columns);

/** All pages of a data source's catalogue. */
async function readCatalogue({ server, attempts }: Asked, id: string): Promise<Catalogue> {
  const all: CatalogueColumn[] = [];
  for (let cursor: string | null | undefined = ""; typeof cursor === "string"; ) {
    const query: [string, string][] = cursor === "" ? [] : [["cursor", cursor]];
    const page: CataloguePage = await server.get(`/v1/data-sources/${id}/catalogue`, query, attempts);
    for (const column of page.columns ?? []) all.push(column);
    cursor = page.next_cursor;
  }
  return ofColumns({ columns: all });
}

/** @throws FileFault */
async function readCatalogueFile(file: string): Promise<Catalogue> {
  try {
    return ofColumns(JSON.parse(await readFile(file, "utf8")) as CataloguePage);
  } catch (error) {
    throw new FileFault(`${file} is no catalogue: ${(error as Error).message}. It is {"columns": [...]}.`);
  }
}

/**
 * The data source that was named, and its catalogue, or that of a file.
 * @param asked undefined: nobody may be asked
 * @throws UsageFault, FileFault, ServerFault; CommandFault for one that is disconnected
 */
export async function findDataSource(asked: Asked | undefined, given: Given<typeof DATA_SOURCE>): Promise<DataSource> {
  const { "data-source": named, catalogue: file, host } = given;
  const read = file === undefined ? undefined : () => readCatalogueFile(file);
  if (named === undefined || !asked) return { host, ...(read && { read, catalogue: await read() }) };
  const listed = UUID.test(named) ? await listedById(asked, named) : await listedByName(asked, named);
  if (listed && listed.type !== "postgres") {
    throw new UsageFault(`"${listed.name}" is a data source of type ${listed.type}: its log is not PostgreSQL's.`);
  }
  const id = listed?.id ?? named.toLowerCase();
  refuseDisconnected(listed);
  const readOwn =
    read ??
    (async () => {
      // It may be disconnected while it is followed.
      refuseDisconnected(await listedById(asked, id));
      return readCatalogue(asked, id);
    });
  return {
    id,
    name: listed?.name,
    appId: listed?.app_id,
    host: host ?? listed?.host ?? undefined,
    read: readOwn,
    catalogue: await readOwn(),
  };
}
