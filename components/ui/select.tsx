"use client";

import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import { cx } from "./class-names";
import { INPUT } from "./field";

export interface SelectItem {
  value: string;
  label: string;
}

interface SelectProps {
  items: readonly SelectItem[];
  label: string;
  name?: string;
  value?: string;
  defaultValue?: string;
  onChange?: (value: string) => void;
  className?: string;
}

/** One of a few values. */
export function Select({ items, label, name, value, defaultValue, onChange, className }: SelectProps) {
  return (
    <Base.Root
      items={items}
      name={name}
      {...(value === undefined ? { defaultValue: defaultValue ?? "" } : { value })}
      onValueChange={(next) => onChange?.(next ?? "")}
    >
      <div className={cx("flex min-w-0 flex-col gap-1", className)}>
        <Base.Label className="font-medium text-ink text-xs">{label}</Base.Label>
        <Base.Trigger
          className={cx(
            INPUT,
            "flex items-center justify-between gap-2 text-left data-popup-open:bg-hover",
            "border-edge",
          )}
        >
          <Base.Value className="truncate" />
          <Base.Icon>
            <ChevronsUpDown aria-hidden className="size-3.5 text-faint" />
          </Base.Icon>
        </Base.Trigger>
      </div>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-10 outline-none">
          <Base.Popup className="min-w-[var(--anchor-width)] max-w-[calc(100vw-1rem)] rounded-lg border border-line bg-raised text-ink shadow-lg outline-none transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0">
            <Base.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto p-1">
              {items.map((item) => (
                <Base.Item
                  key={item.value}
                  value={item.value}
                  className="grid h-8 cursor-default select-none grid-cols-[1rem_1fr] items-center gap-2 rounded-md px-2 text-sm outline-none data-highlighted:bg-hover"
                >
                  <Base.ItemIndicator className="col-start-1">
                    <Check aria-hidden className="size-3.5" />
                  </Base.ItemIndicator>
                  <Base.ItemText className="col-start-2 truncate">{item.label}</Base.ItemText>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
