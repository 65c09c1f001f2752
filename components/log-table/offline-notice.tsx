"use client";

import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";

function subscribe(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

/** Says that this browser has no connection: what is shown was read before, and nothing can be asked. */
export function OfflineNotice() {
  const isOnline = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  );
  return (
    <div role="status">
      {isOnline ? null : (
        <p className="flex items-center gap-2 border-line border-b bg-amber-wash px-3 py-1.5 text-amber text-xs sm:px-4">
          <WifiOff aria-hidden className="size-3.5 shrink-0" />
          <span>This browser is offline. What you see was read before; nothing newer or older can be read now.</span>
        </p>
      )}
    </div>
  );
}
