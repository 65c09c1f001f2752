import type { DataSource } from "@/lib/contracts/data-sources";
import { disconnectDataSourceAction } from "@/lib/data-sources/data-sources.actions";
import { Button } from "../ui/button";
import { RemovalDialog } from "../ui/removal-dialog";
import { PAGE_TITLE_ID } from "../ui/settings-page";

/** Takes a data source out of use, after saying what stops. */
export function DisconnectSource({ source: { id, name, type } }: { source: DataSource }) {
  return (
    <RemovalDialog
      title={`Disconnect “${name}”?`}
      description="It can be connected again at any time."
      trigger={
        <Button size="small" aria-label={`Disconnect ${name}`}>
          Disconnect
        </Button>
      }
      act={disconnectDataSourceAction}
      input={{ id }}
      submit={{ idle: "Disconnect", busy: "Disconnecting…" }}
      said={`Disconnected “${name}”`}
      focusId={PAGE_TITLE_ID}
    >
      <ul className="flex list-disc flex-col gap-1 rounded-md border border-line bg-surface py-3 pr-3 pl-7 text-sm">
        {type === "postgres" ? (
          <li>Its password is forgotten, and this server no longer connects to it. Stop its collector, too.</li>
        ) : null}
        <li>Its rows stay in the log, and still lead to it.</li>
        <li>Its catalogue and its name stay: no other can take the name.</li>
      </ul>
    </RemovalDialog>
  );
}
