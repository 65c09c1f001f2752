"use client";

import {
  ArrowLeftRight,
  BookOpen,
  Boxes,
  Braces,
  Database,
  DatabaseZap,
  KeyRound,
  type LucideIcon,
  ScrollText,
  SlidersHorizontal,
} from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { cx } from "../ui/class-names";

/** A page that this person may open; the server leaves out the others. */
export type PageId = "calls" | "query" | "custom" | "system" | "applications" | "api-keys" | "data-sources" | "preferences";

interface Entry {
  /** Undefined: everybody may open it. */
  id?: PageId;
  href: string;
  label: string;
  icon: LucideIcon;
}

const GROUPS: readonly { title: string; entries: readonly Entry[] }[] = [
  {
    title: "Audit logs",
    entries: [
      { id: "calls", href: "/logs/calls", label: "Calls", icon: ArrowLeftRight },
      { id: "query", href: "/logs/query", label: "Query log", icon: DatabaseZap },
      { id: "custom", href: "/logs/custom", label: "Custom", icon: Braces },
      { id: "system", href: "/logs/system", label: "System audit", icon: ScrollText },
    ],
  },
  {
    title: "Settings",
    entries: [
      { id: "applications", href: "/settings/applications", label: "Applications", icon: Boxes },
      { id: "api-keys", href: "/settings/api-keys", label: "API keys", icon: KeyRound },
      { id: "data-sources", href: "/settings/data-sources", label: "Data sources", icon: Database },
      { id: "preferences", href: "/settings/preferences", label: "Preferences", icon: SlidersHorizontal },
    ],
  },
  { title: "Help", entries: [{ href: "/docs/api", label: "API reference", icon: BookOpen }] },
];

interface NavigationProps {
  pages: readonly PageId[];
  /** Called when a page was chosen, so that a sheet can close. */
  onChoose?: () => void;
  /** The words are left to screen readers and to hovering. */
  iconsOnly?: boolean;
}

export function Navigation({ pages, onChoose, iconsOnly = false }: NavigationProps) {
  const path = usePathname();
  return (
    <nav aria-label="Main" className="flex flex-col gap-5 px-2 py-3">
      {GROUPS.map(({ title, entries }) => {
        const shown = entries.filter(({ id }) => id === undefined || pages.includes(id));
        if (shown.length === 0) return null;
        return (
          <div key={title} className="flex flex-col gap-0.5">
            <p className={iconsOnly ? "sr-only" : "px-2 pb-1 font-medium text-faint text-xs"}>{title}</p>
            {shown.map(({ href, label, icon: Icon }) => (
              <Link
                key={href}
                href={href}
                prefetch={false}
                onClick={onChoose}
                aria-current={path === href ? "page" : undefined}
                title={iconsOnly ? label : undefined}
                className={cx(
                  "flex h-8 items-center gap-2 rounded-md px-2 text-sm",
                  path === href ? "bg-hover font-medium text-ink" : "text-muted hover:bg-hover hover:text-ink",
                )}
              >
                <Icon aria-hidden className="size-4 shrink-0" />
                <span className={iconsOnly ? "sr-only" : undefined}>{label}</span>
              </Link>
            ))}
          </div>
        );
      })}
    </nav>
  );
}
