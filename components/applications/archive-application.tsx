import { archiveAppAction } from "@/lib/apps/apps.actions";
import type { ManagedApp } from "@/lib/contracts/apps";
import { Button } from "../ui/button";
import { RemovalDialog } from "../ui/removal-dialog";
import { PAGE_TITLE_ID } from "../ui/settings-page";
import { rowsText } from "./counts";

function keysStop(keys: number): string {
  if (keys === 0) return "No key works for it at present.";
  return keys === 1 ? "Its one working key is refused here." : `Its ${keys} working keys are refused here.`;
}

/** Takes an application out of use, after saying what stops. */
export function ArchiveApplication({ app: { id, name, rows, live_keys } }: { app: ManagedApp }) {
  return (
    <RemovalDialog
      title={`Archive “${name}”?`}
      description="It can be restored at any time, with its log and its keys."
      trigger={
        <Button size="small" aria-label={`Archive ${name}`}>
          Archive
        </Button>
      }
      act={archiveAppAction}
      input={{ id }}
      submit={{ idle: "Archive the application", busy: "Archiving…" }}
      said={`Archived “${name}”`}
      focusId={PAGE_TITLE_ID}
    >
      <ul className="flex list-disc flex-col gap-1 rounded-md border border-line bg-surface py-3 pr-3 pl-7 text-sm">
        <li>Programs can no longer write to it. {keysStop(live_keys)}</li>
        <li>Nobody can search, follow or export it until it is restored.</li>
        <li>Its log stays{rows > 0 ? `, with its ${rowsText(rows)}` : ""}. So does its name: no other can take it.</li>
      </ul>
    </RemovalDialog>
  );
}
