import { Brand } from "../frame/brand";
import { cx } from "../ui/class-names";
import { Contents } from "./contents";
import { EndpointSection } from "./endpoint";
import { General, Start } from "./general";
import { type ApiDocument, endpointsOf } from "./openapi";
import { LINK, Prose } from "./prose";

/** Marks in running text, said once for the whole page. */
const CODE =
  "[&_code]:rounded [&_code]:bg-hover [&_code]:px-1 [&_code]:font-mono [&_code]:text-xs [&_code]:[overflow-wrap:anywhere]";

interface ApiReferenceProps {
  document: ApiDocument;
  /** Public origin of this server, for the samples. */
  origin: string;
}

/** The whole API on one page: nothing to fetch, nothing to wait for, and the browser's own search finds everything. */
export function ApiReference({ document, origin }: ApiReferenceProps) {
  const endpoints = endpointsOf(document);
  return (
    <div className={cx("isolated", CODE)}>
      <a
        href="#main"
        className="sr-only z-20 rounded-md bg-raised px-3 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:shadow-lg"
      >
        Skip to the page
      </a>
      <header className="flex h-12 items-center gap-4 border-line border-b px-4">
        <a href="/" aria-label="Affidavit, to the portal">
          <Brand />
        </a>
        <span className="flex-1" />
        <a href="/v1/openapi.json" className={LINK}>
          OpenAPI 3.1
        </a>
      </header>
      <div className="mx-auto flex max-w-6xl">
        <nav
          aria-label="Contents"
          className="sticky top-0 hidden max-h-dvh w-60 shrink-0 self-start overflow-y-auto py-6 pr-2 pl-2 lg:block"
        >
          <Contents document={document} />
        </nav>
        <main
          id="main"
          tabIndex={-1}
          className="flex min-w-0 flex-1 flex-col gap-8 px-4 py-6 text-sm outline-none lg:px-8"
        >
          <div className="flex flex-col gap-3">
            <h1 className="font-semibold text-xl">API reference</h1>
            <Prose text={document.info.description} />
            <details className="rounded-md border border-line bg-surface px-2 py-2 lg:hidden">
              <summary className="px-2 font-medium">Contents</summary>
              <nav aria-label="Contents of the page" className="pt-3">
                <Contents document={document} />
              </nav>
            </details>
          </div>
          <Start document={document} origin={origin} />
          {document.tags.map(({ name, description }) => (
            <section key={name} aria-label={name} className="flex flex-col gap-6">
              <div className="flex flex-col gap-1">
                <h2 className="font-semibold text-lg">{name}</h2>
                <p className="text-muted">{description}</p>
              </div>
              {endpoints
                .filter(({ operation }) => operation.tags.includes(name))
                .map((endpoint) => (
                  <EndpointSection key={endpoint.operation.operationId} document={document} endpoint={endpoint} />
                ))}
            </section>
          ))}
          <General document={document} />
        </main>
      </div>
    </div>
  );
}
