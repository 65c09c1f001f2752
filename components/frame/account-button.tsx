"use client";

import { CircleUser } from "lucide-react";
import { type ComponentProps, lazy, Suspense, useState } from "react";
import { IconButton } from "../ui/button";
import type { UserMenu as Type } from "./user-menu";

/** Loaded when somebody goes for it: most visits only read rows. */
const load = () => import("./user-menu");
const UserMenu = lazy(async () => ({ default: (await load()).UserMenu }));

/** The button to the account's menu. */
export function AccountButton(props: ComponentProps<typeof Type>) {
  const [wanted, setWanted] = useState(false);
  const button = (
    <IconButton
      label="Account"
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setWanted(true)}
    >
      <CircleUser aria-hidden />
    </IconButton>
  );
  return <Suspense fallback={button}>{wanted ? <UserMenu {...props} /> : button}</Suspense>;
}
