"use client";

import { ChevronsUpDown } from "lucide-react";
import { usePathname, useSearchParams } from "next/navigation";
import { type ComponentProps, lazy, Suspense, useState } from "react";
import { Button } from "../ui/button";
import type { AppChoice } from "./app-choice";

/** Loaded when somebody goes for it: most visits only read rows. */
const load = () => import("./app-menu");
const AppMenu = lazy(async () => ({ default: (await load()).AppMenu }));

/** Which app's log is shown. Window and filters stay; the URL keeps the choice, so Back undoes it. */
export function AppSwitch({ apps }: { apps: readonly AppChoice[] }) {
  const path = usePathname();
  const params = useSearchParams();
  const [wanted, setWanted] = useState(false);
  const [home] = apps;
  // The system audit is the organization's own log, whatever the application.
  if (!path.startsWith("/logs/") || path === "/logs/system" || !home) return null;
  const asked = params.get("app");
  const current = apps.find(({ id }) => id === asked) ?? home;
  const choose = (id: string) => {
    if (id === current.id) return;
    const next = new URLSearchParams(params);
    next.set("app", id);
    window.history.pushState(null, "", `${path}?${next}`);
  };
  const button = (
    <AppButton
      name={current.name}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setWanted(true)}
    />
  );
  return (
    <Suspense fallback={button}>
      {wanted ? (
        <AppMenu apps={apps} currentId={current.id} trigger={<AppButton name={current.name} />} onChoose={choose} />
      ) : (
        button
      )}
    </Suspense>
  );
}

function AppButton({ name, ...rest }: { name: string } & ComponentProps<typeof Button>) {
  return (
    <Button aria-label={`Application: ${name}`} className="min-w-0 max-w-60 shrink" {...rest}>
      <span className="truncate">{name}</span>
      <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-faint" />
    </Button>
  );
}
