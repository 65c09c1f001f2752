"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import { IconButton } from "./button";
import { cx } from "./class-names";

interface DialogProps {
  title: string;
  description?: ReactNode;
  children: ReactNode;
  /** The button that opens it, where there is one. */
  trigger?: ReactElement;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** `center`: a box; `wide`: one for long texts; `left`, `right`: a sheet over the whole height. */
  place?: "center" | "wide" | "left" | "right";
  /** What the keyboard starts on; else its Close button. */
  initialFocus?: ComponentProps<typeof Base.Popup>["initialFocus"];
  /** What the keyboard goes on from when it is closed; else the button that opened it. */
  finalFocus?: ComponentProps<typeof Base.Popup>["finalFocus"];
  /** Only its buttons and Escape close it: for what a stray click must not lose. */
  stayOnOutsidePress?: boolean;
}

const BOX =
  "top-1/2 left-1/2 max-h-[calc(100dvh-2rem)] max-w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 rounded-lg border data-ending-style:opacity-0 data-starting-style:opacity-0";

const PLACES = {
  center: `${BOX} w-[30rem]`,
  wide: `${BOX} w-[44rem]`,
  left: "inset-y-0 left-0 h-dvh w-72 max-w-[85vw] border-r data-ending-style:-translate-x-full data-starting-style:-translate-x-full",
  right:
    "inset-y-0 right-0 h-dvh w-[26rem] max-w-full border-l data-ending-style:translate-x-full data-starting-style:translate-x-full",
};

/** A modal box or sheet: keeps the focus inside, closes on Escape, and gives the focus back. */
export function Dialog(props: DialogProps) {
  const { title, description, children, trigger, open, onOpenChange, place = "center", initialFocus } = props;
  const { finalFocus, stayOnOutsidePress = false } = props;
  return (
    <Base.Root
      {...(open === undefined ? {} : { open })}
      onOpenChange={(next) => onOpenChange?.(next)}
      disablePointerDismissal={stayOnOutsidePress}
    >
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        {/* One that opens over another is dimmed apart from it, too. */}
        <Base.Backdrop
          forceRender
          className="fixed inset-0 min-h-dvh bg-black/30 transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0 dark:bg-black/60"
        />
        <Base.Popup
          initialFocus={initialFocus}
          finalFocus={finalFocus}
          className={cx(
            "fixed flex flex-col border-line bg-raised text-ink shadow-xl outline-none transition-[translate,opacity] duration-100 ease-out",
            PLACES[place],
          )}
        >
          <div className="flex items-start gap-3 px-4 pt-3 pb-2">
            <div className="min-w-0 flex-1 pt-1">
              <Base.Title className="font-semibold text-base">{title}</Base.Title>
              {description ? (
                <Base.Description className="mt-1 text-muted text-sm">{description}</Base.Description>
              ) : null}
            </div>
            <Base.Close render={<IconButton label="Close" />}>
              <X aria-hidden />
            </Base.Close>
          </div>
          <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

export const DialogClose = Base.Close;
