"use client";

import { Dialog } from "../ui/dialog";
import { Checkbox } from "../ui/field";
import { useSingleKeys } from "./page-keys";

const GROUPS: readonly { title: string; keys: readonly (readonly [keys: readonly string[], act: string])[] }[] = [
  {
    title: "Anywhere on the page",
    keys: [
      [["/"], "To the query"],
      [["f"], "Filter"],
      [["r"], "Refresh"],
      [["e"], "Export CSV"],
      [["j"], "To the rows"],
      [["?"], "These keys"],
    ],
  },
  {
    title: "On a row",
    keys: [
      [["j", "↓"], "Next row"],
      [["k", "↑"], "Row before"],
      [["→"], "Open the row"],
      [["←"], "Close the row"],
      [["Enter"], "Open or close the row"],
      [["c"], "Copy the row as JSON"],
      [["Page Down", "Page Up"], "A screen on, a screen back"],
      [["Home", "End"], "First row, last row that was read"],
      [["Esc"], "Out of an open row, back to its line"],
    ],
  },
  {
    title: "On the chart",
    keys: [
      [["←", "→"], "Bar before, next bar"],
      [["Shift ←", "Shift →"], "Take more bars"],
      [["Enter"], "Show only that time"],
    ],
  },
];

/** All keys of a log page, and the way to turn the single ones off. */
export function KeysDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [on, setOn] = useSingleKeys();
  return (
    <Dialog title="Keys" open={open} onOpenChange={(next) => next || onClose()}>
      <div className="flex flex-col gap-4 px-4 pb-4">
        {GROUPS.map(({ title, keys }) => (
          <section key={title}>
            <h3 className="mb-1 font-medium text-faint text-xs">{title}</h3>
            <dl className="flex flex-col">
              {keys.map(([names, act]) => (
                <div key={act} className="flex h-7 items-center justify-between gap-3 text-sm">
                  <dt>{act}</dt>
                  <dd className="flex gap-1">
                    {names.map((name) => (
                      <kbd
                        key={name}
                        className="min-w-6 rounded border border-line bg-surface px-1.5 text-center font-mono text-muted text-xs leading-5"
                      >
                        {name}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <div className="border-line border-t pt-2">
          <Checkbox
            label="Letters act on the page"
            hint="Turn this off where a speech program or another tool types letters. Arrows and Enter always work."
            checked={on}
            onChange={(event) => setOn(event.target.checked)}
          />
        </div>
      </div>
    </Dialog>
  );
}
