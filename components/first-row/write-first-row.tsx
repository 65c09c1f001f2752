"use client";

import { useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { createApiKeyAction } from "@/lib/api-keys/api-keys.actions";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Notice } from "../ui/notice";
import { useAct } from "../ui/use-act";
import { useMay } from "../viewer";
import { curlLine, KEY_PLACEHOLDER } from "./curl-line";
import { firstRowQuery, nextDelayMs } from "./first-row.queries";

const KEY_HOURS = 24;
const HOUR_MS = 3_600_000;
const never = () => () => {};

interface WriteFirstRowProps {
  appId: string;
  /** The last question was not answered. */
  trouble: boolean;
  asking: boolean;
  round: number;
  /** Begins to watch quickly again. */
  onAskAgain: () => void;
}

/** The command for the first row, with a key made right here for whoever may. */
export function WriteFirstRow({ appId, trouble, asking, round, onAskAgain }: WriteFirstRowProps) {
  const origin = useSyncExternalStore(
    never,
    () => window.location.origin,
    () => "",
  );
  const [key, setKey] = useState<string>();
  const line = curlLine({ origin, appId, key: key ?? KEY_PLACEHOLDER });
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-4 px-4 py-10">
      <div className="flex flex-col gap-1">
        <h2 className="font-medium text-base">No rows yet</h2>
        <p className="text-muted">This application's log is empty. Write its first row from a terminal:</p>
      </div>
      <KeyStep
        appId={appId}
        made={key !== undefined}
        onMade={(made) => {
          setKey(made);
          onAskAgain();
        }}
      />
      <div className="flex flex-col gap-2">
        <pre
          data-testid="curl-line"
          // Wrapped and not scrolled: a key whose end cannot be seen looks cut.
          className="whitespace-pre-wrap break-all rounded-md border border-line bg-surface p-3 font-mono text-xs leading-5"
        >
          {line}
        </pre>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <Watching appId={appId} trouble={trouble} asking={asking} round={round} onAskAgain={onAskAgain} />
          <CopyButton text={line} label="Copy the command" />
        </div>
      </div>
    </div>
  );
}

interface KeyStepProps {
  appId: string;
  made: boolean;
  onMade: (key: string) => void;
}

/** Where the key in the command comes from. */
function KeyStep({ appId, made, onMade }: KeyStepProps) {
  const [mayManage, mayWrite] = [useMay("keys:manage"), useMay("events:write")];
  const { run, busy, problem } = useAct(createApiKeyAction, (answer) => onMade(answer.key));
  if (!mayManage || !mayWrite) {
    return (
      <p className="text-muted">
        Put an API key with the scope <code className="font-mono text-xs">events:write</code> in place of{" "}
        <code className="font-mono text-xs">{KEY_PLACEHOLDER}</code>. Whoever may make keys can give you one.
      </p>
    );
  }
  if (made) {
    return (
      <Notice tone="info" title={`The command has a key now. It ends in ${KEY_HOURS} hours.`}>
        It can only write to this application, and is shown here and nowhere else. Make the one that your program will
        use under Settings → API keys.
      </Notice>
    );
  }
  const make = () =>
    run({
      name: "First row",
      app_id: appId,
      scopes: ["events:write"],
      expires_at: new Date(Date.now() + KEY_HOURS * HOUR_MS).toISOString(),
    });
  return (
    <div className="flex flex-col gap-2">
      {problem ? <Notice tone="error" title={problem.detail} /> : null}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button look="primary" disabled={busy} onClick={make}>
          <KeyRound aria-hidden className="size-3.5" />
          {busy ? "Making it…" : "Make a key for it"}
        </Button>
        <p className="min-w-0 flex-1 basis-60 text-muted text-xs">
          Only for writing here, for {KEY_HOURS} hours. Or put one of yours in place of{" "}
          <code className="font-mono">{KEY_PLACEHOLDER}</code>.
        </p>
      </div>
    </div>
  );
}

/** Whether the log is being watched; after a while it is not any more. */
function Watching({ appId, trouble, asking, round, onAskAgain }: WriteFirstRowProps) {
  const state = useQueryClient().getQueryState(firstRowQuery(appId, round).queryKey);
  const asked = (state?.dataUpdateCount ?? 0) + (state?.errorUpdateCount ?? 0);
  if (nextDelayMs(asked) === false && !asking) {
    return (
      <span role="status" className="flex flex-wrap items-center gap-2 text-muted text-xs">
        No longer watching.
        <Button size="small" onClick={onAskAgain}>
          Watch again
        </Button>
      </span>
    );
  }
  return (
    <span role="status" className="flex items-center gap-2 text-muted text-xs">
      <span aria-hidden className="size-2 animate-pulse rounded-full bg-accent" />
      {trouble ? "The server does not answer; trying again." : "Watching: the row shows here when it is written."}
    </span>
  );
}
