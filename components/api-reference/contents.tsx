import { type ApiDocument, endpointsOf } from "./openapi";

const LINK = "block rounded px-2 py-1 text-muted hover:bg-hover hover:text-ink";
const PARTS = [
  { href: "#errors", title: "Errors" },
  { href: "#limits", title: "Limits" },
  { href: "#filters", title: "Filters" },
  { href: "#schemas", title: "Schemas" },
];

/** Links to every part and operation. */
export function Contents({ document }: { document: ApiDocument }) {
  const endpoints = endpointsOf(document);
  return (
    <ul className="flex flex-col gap-3">
      <li>
        <a href="#start" className={LINK}>
          Start
        </a>
      </li>
      {document.tags.map(({ name }) => (
        <li key={name}>
          <span className="px-2 font-medium text-faint text-xs">{name}</span>
          <ul>
            {endpoints
              .filter(({ operation }) => operation.tags.includes(name))
              .map(({ operation }) => (
                <li key={operation.operationId}>
                  <a href={`#${operation.operationId}`} className={LINK}>
                    {operation.summary}
                  </a>
                </li>
              ))}
          </ul>
        </li>
      ))}
      <li>
        <span className="px-2 font-medium text-faint text-xs">General</span>
        <ul>
          {PARTS.map(({ href, title }) => (
            <li key={href}>
              <a href={href} className={LINK}>
                {title}
              </a>
            </li>
          ))}
        </ul>
      </li>
    </ul>
  );
}
