"use client";

import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../ui/button";
import { cx } from "../ui/class-names";
import { Brand } from "./brand";
import { Navigation, type PageId } from "./navigation";
import { NARROW, SIDEBAR_COOKIE } from "./sidebar-width";

const YEAR_SECONDS = 31_536_000;

interface SidebarProps {
  pages: readonly PageId[];
  /** As this browser left it. */
  startsNarrow: boolean;
}

/** The navigation of a wide window, with its words or as icons only. */
export function Sidebar({ pages, startsNarrow }: SidebarProps) {
  const [isNarrow, setNarrow] = useState(startsNarrow);
  const turn = () => {
    setNarrow(!isNarrow);
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that we support.
    document.cookie = `${SIDEBAR_COOKIE}=${isNarrow ? "wide" : NARROW}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  };
  const Icon = isNarrow ? PanelLeftOpen : PanelLeftClose;
  return (
    <aside
      className={cx("hidden shrink-0 flex-col border-line border-r bg-surface lg:flex", isNarrow ? "w-12" : "w-52")}
    >
      <div className={cx("flex h-12 items-center", isNarrow ? "justify-center" : "px-4")}>
        <Brand markOnly={isNarrow} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Navigation pages={pages} iconsOnly={isNarrow} />
      </div>
      <div className={cx("flex p-2", !isNarrow && "justify-end")}>
        <IconButton label={isNarrow ? "Widen the navigation" : "Narrow the navigation"} onClick={turn}>
          <Icon aria-hidden />
        </IconButton>
      </div>
    </aside>
  );
}
