"use client";

import { ChevronsUpDown } from "lucide-react";
import { usePathname, useSearchParams } from "next/navigation";
import { Button } from "../ui/button";
import { Menu, MenuChoices } from "../ui/menu";

export interface AppChoice {
  id: string;
  name: string;
}

/** Which app's log is shown. Window and filters stay; the URL keeps the choice, so Back undoes it. */
export function AppSwitch({ apps }: { apps: readonly AppChoice[] }) {
  const path = usePathname();
  const params = useSearchParams();
  const [home] = apps;
  if (!path.startsWith("/logs/") || !home) return null;
  const asked = params.get("app");
  const current = apps.find(({ id }) => id === asked) ?? home;
  const choose = (id: string) => {
    if (id === current.id) return;
    const next = new URLSearchParams(params);
    next.set("app", id);
    window.history.pushState(null, "", `${path}?${next}`);
  };
  return (
    <Menu
      align="start"
      className="w-60"
      trigger={
        <Button aria-label={`Application: ${current.name}`} className="min-w-0 max-w-60 shrink">
          <span className="truncate">{current.name}</span>
          <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-faint" />
        </Button>
      }
    >
      <MenuChoices
        items={apps.map(({ id, name }) => ({ value: id, label: name }))}
        value={current.id}
        onChange={choose}
      />
    </Menu>
  );
}
