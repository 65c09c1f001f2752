import type { FilterView } from "../log-table/kind-view";
import type { NextView } from "../log-table/log-actions";
import type { WindowEnds } from "./window-ends";

export interface FilterPanelProps {
  fields: readonly FilterView[];
  filters: Readonly<Record<string, string>>;
  /** The window, where the panel has its ends, too. */
  ends?: WindowEnds | undefined;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChange: (next: NextView) => void;
}
