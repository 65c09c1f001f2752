import { counted } from "../ui/amounts";
import { type ApiDocument, refName, resolve, type Schema } from "./openapi";
import { LINK, Marked } from "./prose";

interface Field {
  /** `receipts[].seq` */
  name: string;
  type: string;
  isRequired: boolean;
  description: string;
  /** Name of the schema that is shown elsewhere. */
  reference?: string | undefined;
}

function typeText(document: ApiDocument, given: Schema): string {
  const schema = resolve(document, given);
  if (schema.enum) return schema.enum.map(String).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return [...new Set(variants.map((variant) => typeText(document, variant)))].join(" | ");
  if (schema.items) return `list of ${typeText(document, schema.items)}`;
  const types = [schema.type ?? "any"].flat().map((type) => (type === "string" && schema.format) || type);
  return types.join(" | ");
}

/** What a limit of the schema says that its description does not. */
function limitText({ maxLength, minimum, maximum }: Schema): string {
  const length = maxLength === undefined ? "" : ` At most ${counted(maxLength, "character")}.`;
  const isRange = minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  return isRange ? `${length} From ${minimum} to ${maximum}.` : length;
}

/** The members of an object, nested ones under their path; what is shown elsewhere is only named. */
export function fieldsOf(document: ApiDocument, given: Schema, path = ""): Field[] {
  const schema = resolve(document, given);
  if (schema.items) return fieldsOf(document, schema.items, `${path}[]`);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const own = path === "" ? name : `${path}.${name}`;
    const inner = property.items ?? property;
    const reference = refName(inner);
    const { description } = resolve(document, property);
    const field: Field = {
      name: own,
      type: typeText(document, property),
      isRequired: schema.required?.includes(name) ?? false,
      description: (description ?? "") + limitText(property),
      reference,
    };
    return reference === undefined ? [field, ...fieldsOf(document, property, own)] : [field];
  });
}

/** Where a schema of its own is shown. */
export const schemaAnchor = (name: string) => `schema-${name}`;

/** On the list and not on its rows: there are some five hundred of them, and each would carry the names twice over. */
const LIST =
  "divide-y divide-line border-line border-y [&>div]:grid [&>div]:gap-x-4 [&>div]:gap-y-0.5 [&>div]:py-1.5 sm:[&>div]:grid-cols-[minmax(11rem,2fr)_5fr] [&_:is(dt,dd)]:min-w-0 [&_:is(dt,dd)]:[overflow-wrap:anywhere] [&_dt]:font-mono [&_dt]:text-xs [&_dt>small]:block [&_dt>small]:text-xs [&_dt>small]:text-faint [&_dt>em]:ml-1.5 [&_dt>em]:font-sans [&_dt>em]:text-amber [&_dt>em]:not-italic [&_dd]:text-muted";

export function FieldList({ fields, label }: { fields: readonly Field[]; label: string }) {
  return (
    <dl aria-label={label} className={LIST}>
      {fields.map(({ name, type, isRequired, description, reference }) => (
        <div key={name}>
          <dt>
            {name}
            {isRequired ? <em>required</em> : null}
            <small>{type}</small>
          </dt>
          <dd>
            <Marked text={description} />
            {reference ? (
              <>
                {" "}
                <a href={`#${schemaAnchor(reference)}`} className={LINK}>
                  {reference}
                </a>
              </>
            ) : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Parameters as fields. */
export function parameterFields(
  document: ApiDocument,
  parameters: readonly { name: string; required?: boolean; description?: string; schema: Schema }[],
): Field[] {
  return parameters.map(({ name, required, description, schema }) => ({
    name,
    type: typeText(document, schema),
    isRequired: required ?? false,
    description: description ?? schema.description ?? "",
  }));
}
