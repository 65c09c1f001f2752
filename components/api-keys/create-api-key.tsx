"use client";

import { Plus } from "lucide-react";
import { useRef, useState } from "react";
import type { NewApiKey } from "@/lib/contracts/api-keys";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { ApiKeyForm, type ApiKeyFormProps } from "./api-key-form";
import { MadeKey } from "./made-key";

/** Makes a key and shows it, this once. */
export function CreateApiKeyDialog(props: Omit<ApiKeyFormProps, "onMade" | "nameRef">) {
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<NewApiKey>();
  const [kept, setKept] = useState(false);
  const [asking, setAsking] = useState(false);
  const nameField = useRef<HTMLInputElement>(null);
  const change = (next: boolean) => {
    // Whatever closes it, Escape above all, would lose a key that exists nowhere else.
    if (!next && made && !kept) return setAsking(true);
    setOpen(next);
    if (next) forget();
  };
  const forget = () => {
    setMade(undefined);
    setKept(false);
    setAsking(false);
  };
  const leave = () => {
    setAsking(false);
    setOpen(false);
  };
  return (
    <Dialog
      title={made ? "Copy the key now" : "New API key"}
      description={made ? "It is shown this once and kept nowhere. Whoever has it can do what it may." : undefined}
      open={open}
      onOpenChange={change}
      initialFocus={nameField}
      // A click beside the box would lose half a form.
      stayOnOutsidePress={!made}
      trigger={
        <Button look="primary">
          <Plus aria-hidden className="size-3.5" />
          New API key
        </Button>
      }
    >
      {made ? (
        <MadeKey
          made={made}
          kept={kept}
          onKept={() => setKept(true)}
          onDone={() => change(false)}
          asking={asking}
          onAskingChange={setAsking}
          onLeave={leave}
        />
      ) : (
        <ApiKeyForm {...props} nameRef={nameField} onMade={setMade} />
      )}
    </Dialog>
  );
}
