"use client";

import { Menu } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { IconButton } from "../ui/button";
import { Navigation, type PageId } from "./navigation";

/** Loaded when it is opened: wide windows never do. */
const Dialog = lazy(async () => ({ default: (await import("../ui/dialog")).Dialog }));

/** The navigation as a sheet, for windows too narrow to keep it open. */
export function MobileNavigation({ pages }: { pages: readonly PageId[] }) {
  const [wanted, setWanted] = useState(false);
  const [open, setOpen] = useState(false);
  return (
    <div className="lg:hidden">
      <IconButton
        label="Open the navigation"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => {
          setWanted(true);
          setOpen(true);
        }}
      >
        <Menu aria-hidden />
      </IconButton>
      {wanted ? (
        <Suspense>
          <Dialog title="Affidavit" place="left" open={open} onOpenChange={setOpen}>
            <Navigation pages={pages} onChoose={() => setOpen(false)} />
          </Dialog>
        </Suspense>
      ) : null}
    </div>
  );
}
