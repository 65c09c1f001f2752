"use client";

import { CircleAlert, RotateCw } from "lucide-react";
import { Button } from "./button";

/** A page that could not be made. The digest is what the server's log says about it. */
export function PageFailed({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = typeof error === "object" && error !== null && "digest" in error ? String(error.digest) : undefined;
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-col items-center gap-2 px-4 py-20 text-center">
      <CircleAlert aria-hidden className="mb-1 size-6 text-red" />
      <h1 className="font-medium text-base">This page could not be made</h1>
      <p className="text-muted text-sm">
        The server or its database did not answer as it should. This says nothing about what is in the log.
      </p>
      {digest ? <p className="break-all font-mono text-muted text-xs">Error {digest}</p> : null}
      <Button onClick={retry} className="mt-2">
        <RotateCw aria-hidden className="size-3.5" />
        Try again
      </Button>
    </div>
  );
}
