/** Data source → template of the address at which it shows a query: `https://app.example/history/{query_id}`. */
export type QueryLinks = Readonly<Record<string, string>>;

const PLACE = "{query_id}";
const WEB = ["https:", "http:"];

/**
 * The address at which a data source shows a query, from its template. Undefined for a template without a place for the
 * id, and for one that is no web address: a link must never run anything.
 */
export function queryLink(template: string | undefined, queryId: unknown): string | undefined {
  if (!template?.includes(PLACE) || typeof queryId !== "string" || queryId === "") return undefined;
  const address = template.replaceAll(PLACE, encodeURIComponent(queryId));
  return URL.canParse(address) && WEB.includes(new URL(address).protocol) ? address : undefined;
}

/** The templates of data sources, as their list answers them. */
export function queryLinksOf(dataSources: readonly { id: string; query_link: string | null }[]): QueryLinks {
  return Object.fromEntries(dataSources.flatMap(({ id, query_link }) => (query_link ? [[id, query_link]] : [])));
}

/** The names of data sources, by their ids. */
export function sourceNamesOf(dataSources: readonly { id: string; name: string }[]): Readonly<Record<string, string>> {
  return Object.fromEntries(dataSources.map(({ id, name }) => [id, name]));
}
