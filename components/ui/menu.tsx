"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import Link from "next/link";
import { type ReactElement, type ReactNode, useRef } from "react";
import { cx } from "./class-names";

interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement;
  align: "start" | "end";
  className?: string;
  /** Opens as soon as it is there: for a menu that is loaded when its button is first pressed. */
  defaultOpen?: boolean;
  children: ReactNode;
}

/** A list of acts or choices under its button: arrows, type-ahead, Escape. */
export function Menu({ trigger, align, className, defaultOpen, children }: MenuProps) {
  // Beside its button and not at the end of the page, so that it belongs to the same landmark for screen readers.
  const place = useRef<HTMLSpanElement>(null);
  return (
    <Base.Root defaultOpen={defaultOpen}>
      <Base.Trigger render={trigger} />
      <span ref={place} />
      <Base.Portal container={place}>
        <Base.Positioner sideOffset={6} align={align} collisionPadding={8} className="z-20 outline-none">
          <Base.Popup
            className={cx(
              "max-h-[var(--available-height)] overflow-y-auto rounded-lg border border-line bg-raised p-1 text-ink shadow-lg outline-none",
              className,
            )}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

const ITEM =
  "flex h-8 cursor-default select-none items-center gap-2 rounded-md px-2 text-sm outline-none data-highlighted:bg-hover";

interface MenuActProps {
  onClick: () => void;
  keepOpen?: boolean;
  children: ReactNode;
}

/** One act. */
export function MenuAct({ onClick, keepOpen, children }: MenuActProps) {
  return (
    <Base.Item closeOnClick={!keepOpen} onClick={onClick} className={ITEM}>
      {children}
    </Base.Item>
  );
}

/** A way to another page. */
export function MenuLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Base.LinkItem closeOnClick render={<Link href={href} prefetch={false} />} className={ITEM}>
      {children}
    </Base.LinkItem>
  );
}

interface MenuChoicesProps {
  items: readonly { value: string; label: string }[];
  value: string;
  onChange: (value: string) => void;
}

/** One of several. */
export function MenuChoices({ items, value, onChange }: MenuChoicesProps) {
  return (
    <Base.RadioGroup value={value} onValueChange={onChange}>
      {items.map((item) => (
        <Base.RadioItem key={item.value} value={item.value} closeOnClick className={ITEM}>
          <span className="flex size-4 shrink-0 items-center justify-center">
            <Base.RadioItemIndicator>
              <Check aria-hidden className="size-3.5" />
            </Base.RadioItemIndicator>
          </span>
          <span className="truncate">{item.label}</span>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}
