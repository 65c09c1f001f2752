import type { ReactNode } from "react";
import { Dialog } from "../ui/dialog";

/** The values over a page that has no room beside its rows. */
export function ValuesSheet({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  return (
    <Dialog title="Values" place="left" open onOpenChange={(next) => next || onClose()}>
      {children}
    </Dialog>
  );
}
