/** The mark: rows of a log, the last one sealed. */
function Mark({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      className={className}
      aria-hidden="true"
    >
      <path d="M3.5 4.5h13M3.5 9.5h13M3.5 14.5h5" />
      <path d="m11.5 14.75 2 2 3.5-4.25" strokeLinejoin="round" />
    </svg>
  );
}

export function Brand({ markOnly = false }: { markOnly?: boolean }) {
  return (
    <span className="inline-flex items-center gap-2 font-semibold text-base text-ink">
      <Mark className="size-5 text-accent" />
      <span className={markOnly ? "sr-only" : undefined}>Affidavit</span>
    </span>
  );
}
