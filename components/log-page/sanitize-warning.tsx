import { TriangleAlert } from "lucide-react";

/** What whoever sends custom events must know, and whoever reads them. */
export function SanitizeWarning() {
  return (
    <p className="flex items-start gap-2 rounded-md border border-amber-mark/40 bg-amber-wash px-2.5 py-1.5 text-sm">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-amber" />
      <span>
        <strong className="font-medium">Custom events are not redacted.</strong> Their details are stored as they are
        sent: leave out what must not be kept, such as passwords and personal data.
      </span>
    </p>
  );
}
