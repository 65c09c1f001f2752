"use client";

import { Menu } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Navigation, type PageId } from "./navigation";

/** The navigation as a sheet, for windows too narrow to keep it open. */
export function MobileNavigation({ pages }: { pages: readonly PageId[] }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="lg:hidden">
      <Dialog
        title="Affidavit"
        place="left"
        open={open}
        onOpenChange={setOpen}
        trigger={
          <IconButton label="Open the navigation">
            <Menu aria-hidden />
          </IconButton>
        }
      >
        <Navigation pages={pages} onChoose={() => setOpen(false)} />
      </Dialog>
    </div>
  );
}
