import { counted } from "../ui/amounts";
import { CodeBlock } from "./code-block";
import { FieldList, fieldsOf, parameterFields, schemaAnchor } from "./fields";
import { type ApiDocument, type Endpoint, refName, type Schema } from "./openapi";
import { LINK, Marked, Prose } from "./prose";
import { curlOf, exampleOf } from "./sample";

/** The codes that a status may carry, without the words for them, which stand once under Errors. */
const codesOf = (description: string) => (description.match(/`\w+`/g) ?? []).join(" ");
const isGood = (status: string) => /^2/.test(status);

function SchemaFields({ document, schema, label }: { document: ApiDocument; schema: Schema; label: string }) {
  const references = (schema.anyOf ?? [schema]).map(refName).filter((name) => name !== undefined);
  const fields = fieldsOf(document, schema);
  return (
    <>
      {schema.description ? <Prose text={schema.description} /> : null}
      {references.map((name) => (
        <p key={name}>
          Fields:{" "}
          <a href={`#${schemaAnchor(name)}`} className={LINK}>
            {name}
          </a>
        </p>
      ))}
      {references.length === 0 && fields.length > 0 ? <FieldList fields={fields} label={label} /> : null}
    </>
  );
}

function Parameters({ document, endpoint }: { document: ApiDocument; endpoint: Endpoint }) {
  const { parameters = [], summary } = endpoint.operation;
  const own = parameters.filter(({ schema }) => !schema["x-filter"]);
  if (parameters.length === 0) return null;
  return (
    <>
      <h4 className="font-semibold">Parameters</h4>
      <FieldList fields={parameterFields(document, own)} label={`Parameters: ${summary}`} />
      {own.length < parameters.length ? (
        <p>
          And each of the{" "}
          <a href="#filters" className={LINK}>
            {counted(parameters.length - own.length, "filter")}
          </a>
          .
        </p>
      ) : null}
    </>
  );
}

function Body({ document, endpoint }: { document: ApiDocument; endpoint: Endpoint }) {
  const contents = Object.entries(endpoint.operation.requestBody?.content ?? {});
  const [first] = contents;
  if (!first) return null;
  return (
    <>
      <h4 className="font-semibold">Body</h4>
      <p className="text-muted">
        <Marked text={contents.map(([type]) => `\`${type}\``).join(" or ")} />
      </p>
      <SchemaFields document={document} schema={first[1].schema} label={`Body: ${endpoint.operation.summary}`} />
    </>
  );
}

function Answers({ document, endpoint }: { document: ApiDocument; endpoint: Endpoint }) {
  const { responses, summary } = endpoint.operation;
  const good = Object.entries(responses).filter(([status]) => isGood(status));
  const bad = Object.entries(responses).filter(([status]) => /^[45]/.test(status));
  return (
    <>
      {good.map(([status, { description, content = {} }]) => {
        const [type, body] = Object.entries(content)[0] ?? [];
        const example = body && exampleOf(document, body.schema);
        return (
          <div key={status} className="flex flex-col gap-3">
            <h4 className="font-semibold">Answer {status}</h4>
            {body ? (
              <SchemaFields document={document} schema={body.schema} label={`Answer: ${summary}`} />
            ) : (
              <p>{description}</p>
            )}
            {body ? (
              <CodeBlock
                caption={`Answer, ${type}`}
                of={summary}
                text={typeof example === "string" ? example : JSON.stringify(example, null, 2)}
              />
            ) : null}
          </div>
        );
      })}
      <h4 className="font-semibold">Errors</h4>
      <p className="text-muted">
        {bad.map(([status, { description }]) => (
          <span key={status} className="mr-3 inline-block">
            {status} <Marked text={codesOf(description)} />
          </span>
        ))}
        <a href="#errors" className={LINK}>
          What they mean
        </a>
      </p>
    </>
  );
}

/** One operation: what it does, how to ask, what comes back. */
export function EndpointSection({ document, endpoint }: { document: ApiDocument; endpoint: Endpoint }) {
  const { method, path, operation } = endpoint;
  return (
    <section
      id={operation.operationId}
      aria-labelledby={`${operation.operationId}-title`}
      className="flex scroll-mt-4 flex-col gap-3 border-line border-t pt-6"
    >
      <h3 id={`${operation.operationId}-title`} className="font-semibold text-base">
        <a href={`#${operation.operationId}`} className="hover:underline">
          {operation.summary}
        </a>
      </h3>
      <p className="font-mono text-xs [overflow-wrap:anywhere]">
        <span className="mr-2 rounded border border-line bg-surface px-1.5 py-0.5 font-semibold">{method}</span>
        {path}
      </p>
      <Prose text={operation.description} />
      <CodeBlock caption="curl" of={operation.summary} text={curlOf(endpoint)} />
      <Parameters document={document} endpoint={endpoint} />
      <Body document={document} endpoint={endpoint} />
      <Answers document={document} endpoint={endpoint} />
    </section>
  );
}
