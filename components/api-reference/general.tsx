import type { ReactNode } from "react";
import { LIMITS } from "@/lib/contracts/limits";
import { ERROR_CODES } from "@/lib/errors/codes";
import { CodeBlock } from "./code-block";
import { FieldList, fieldsOf, parameterFields, schemaAnchor } from "./fields";
import { type ApiDocument, filtersOf } from "./openapi";
import { Prose } from "./prose";
import { exampleOf } from "./sample";

function Part({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="flex scroll-mt-4 flex-col gap-3">
      <h2 id={`${id}-title`} className="font-semibold text-lg">
        {title}
      </h2>
      {children}
    </section>
  );
}

/** Address and key, which every sample below takes from the shell. */
export function Start({ document, origin }: { document: ApiDocument; origin: string }) {
  return (
    <Part id="start" title="Start">
      <Prose text={document.components.securitySchemes.apiKey?.description ?? ""} />
      <p>The samples take address and key from the shell:</p>
      <CodeBlock
        caption="Once per shell"
        of="address and key"
        text={`export AFFIDAVIT_URL=${origin}\nexport AFFIDAVIT_API_KEY=afd_live_…`}
      />
    </Part>
  );
}

/** What holds for every operation. */
export function General({ document }: { document: ApiDocument }) {
  return (
    <>
      <Part id="errors" title="Errors">
        <Prose text="A failing answer is `application/problem+json` (RFC 9457). Go by `code`. 408, 429 and 503 are worth repeating, after `Retry-After` where it is given, with the same ids. Input is never answered with a 500." />
        <FieldList
          label="Error codes"
          fields={Object.entries(ERROR_CODES).map(([code, { status, title }]) => ({
            name: code,
            type: String(status),
            isRequired: false,
            description: `${title}.`,
          }))}
        />
      </Part>
      <Part id="limits" title="Limits">
        <FieldList
          label="Limits"
          fields={LIMITS.map(({ what, limit, answer }) => ({
            name: what.replaceAll("`", ""),
            type: answer.replaceAll("`", ""),
            isRequired: false,
            description: limit,
          }))}
        />
      </Part>
      <Part id="filters" title="Filters">
        <Prose text="A filter is a field's name and one exact value; case does not matter. Several filters must all hold; a second value for the same filter is a 400. A list matches where one of its elements does." />
        <FieldList
          label="Filters"
          fields={parameterFields(document, filtersOf(document)).map((field) => ({
            ...field,
            description: field.description.replace(/^Filter: /, "").replace(" One exact value, case-insensitive.", ""),
          }))}
        />
      </Part>
      <Part id="schemas" title="Schemas">
        {Object.entries(document.components.schemas).map(([name, schema]) => (
          <section key={name} id={schemaAnchor(name)} className="flex scroll-mt-4 flex-col gap-3">
            <h3 className="font-semibold text-base">{name}</h3>
            <Prose text={schema.description ?? ""} />
            <FieldList label={name} fields={fieldsOf(document, schema)} />
            <CodeBlock caption="Example" of={name} text={JSON.stringify(exampleOf(document, schema), null, 2)} />
          </section>
        ))}
      </Part>
    </>
  );
}
