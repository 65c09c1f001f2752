"use client";

import type { ReactElement } from "react";
import { Menu, MenuChoices } from "../ui/menu";
import type { AppChoice } from "./app-choice";

interface AppMenuProps {
  apps: readonly AppChoice[];
  currentId: string;
  trigger: ReactElement;
  onChoose: (id: string) => void;
}

/** The apps to choose from. Comes open: it is loaded when its button is pressed. */
export function AppMenu({ apps, currentId, trigger, onChoose }: AppMenuProps) {
  return (
    <Menu defaultOpen align="start" className="w-60" trigger={trigger}>
      <MenuChoices
        items={apps.map(({ id, name }) => ({ value: id, label: name }))}
        value={currentId}
        onChange={onChoose}
      />
    </Menu>
  );
}
