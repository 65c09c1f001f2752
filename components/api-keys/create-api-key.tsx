"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import type { NewApiKey } from "@/lib/contracts/api-keys";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Dialog, DialogClose } from "../ui/dialog";
import { ApiKeyForm, type ApiKeyFormProps } from "./api-key-form";

/** Makes a key and shows it, this once. */
export function CreateApiKeyDialog(props: Omit<ApiKeyFormProps, "onMade">) {
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<NewApiKey>();
  const change = (next: boolean) => {
    setOpen(next);
    if (next) setMade(undefined);
  };
  return (
    <Dialog
      title={made ? "Copy the key now" : "New API key"}
      description={made ? "It is shown this once and kept nowhere. Whoever has it can do what it may." : undefined}
      open={open}
      onOpenChange={change}
      // A click beside the box would lose the key, or half a form.
      stayOnOutsidePress
      trigger={
        <Button look="primary">
          <Plus aria-hidden className="size-3.5" />
          New API key
        </Button>
      }
    >
      {made ? <MadeKey made={made} /> : <ApiKeyForm {...props} onMade={setMade} />}
    </Dialog>
  );
}

function MadeKey({ made }: { made: NewApiKey }) {
  return (
    <div className="flex flex-col gap-3 px-4 pt-1 pb-4">
      <p
        className="select-all break-all rounded-md border border-line bg-surface p-3 font-mono text-xs"
        data-testid="new-key"
      >
        {made.key}
      </p>
      <p className="text-muted text-xs">
        The list shows its first part, <span className="break-all font-mono">{made.prefix}</span>; rows that it writes
        carry it as caller_key_prefix.
      </p>
      <div className="flex gap-2">
        <CopyButton text={made.key} />
        <DialogClose render={<Button size="small" look="primary" />}>Done</DialogClose>
      </div>
    </div>
  );
}
