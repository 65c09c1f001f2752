import { wholeText } from "../log-table/cell-text";
import type { FieldView } from "../log-table/kind-view";

interface ElementTableProps {
  field: FieldView;
  elements: readonly Readonly<Record<string, unknown>>[];
}

const isThere = (value: unknown) => value !== undefined && value !== null && value !== "";

const heading = (name: string) => name.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());

/** The elements of a list field: one line each, and a column for each member that any of them has, in the order of the declaration. */
export function ElementTable({ field: { label, members: declared = [] }, elements }: ElementTableProps) {
  const members = declared.filter((name) => elements.some((one) => isThere(one[name])));
  return (
    // biome-ignore lint/a11y/useSemanticElements: it groups no form's fields.
    <div
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-label={label}
      className="max-h-72 w-full overflow-auto rounded-md border border-line"
    >
      <table className="w-full border-collapse text-left text-xs">
        <thead>
          <tr>
            {members.map((name) => (
              <th
                key={name}
                scope="col"
                className="sticky top-0 border-line border-b bg-page px-2 py-1 font-medium text-muted"
              >
                {heading(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {elements.map((one, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: elements have no other identity and never change places.
            <tr key={index} className="border-line not-last:border-b">
              {members.map((name) => (
                <td key={name} className="min-w-16 max-w-96 px-2 py-1 align-top font-mono break-words">
                  {isThere(one[name]) ? wholeText(one[name]) : <span className="text-faint">–</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
