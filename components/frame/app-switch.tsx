"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { Select } from "../ui/select";

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
    <Select
      label="Application"
      hideLabel
      quiet
      items={apps.map(({ id, name }) => ({ value: id, label: name }))}
      value={current.id}
      onChange={choose}
      className="w-40 min-w-0 sm:w-52"
    />
  );
}
