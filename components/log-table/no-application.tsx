import { Boxes } from "lucide-react";
import { buttonClass } from "../ui/button";

/** There is no log to look into yet. */
export function NoApplication({ canCreate }: { canCreate: boolean }) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-4 py-20 text-center">
      <Boxes aria-hidden className="mb-1 size-6 text-faint" />
      <h1 className="font-medium text-base">No application yet</h1>
      <p className="text-muted text-sm">
        {canCreate
          ? "Every application has a log of its own. Make the first one."
          : "An owner or admin can give you access to one."}
      </p>
      {canCreate ? (
        <a href="/settings/applications" className={`${buttonClass({ look: "primary" })} mt-2`}>
          To the applications
        </a>
      ) : null}
    </div>
  );
}
