"use client";

import { Download } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "../ui/button";
import { downloadPath, type LogQuery } from "./events.queries";

/** Loaded when somebody goes for it. */
const load = () => import("./export-dialog");
const ExportDialog = lazy(async () => ({ default: (await load()).ExportDialog }));

interface ExportCsvProps {
  query: LogQuery;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The button to the CSV of what is searched. */
export function ExportCsv({ query, open, onOpenChange }: ExportCsvProps) {
  const [wanted, setWanted] = useState(false);
  if (open && !wanted) setWanted(true);
  return (
    <>
      <Button
        aria-haspopup="dialog"
        aria-expanded={open}
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
        onClick={() => onOpenChange(true)}
      >
        <Download aria-hidden className="size-3.5 text-muted max-sm:hidden" />
        <span>
          <span className="max-sm:sr-only">Export </span>CSV
        </span>
      </Button>
      {wanted ? (
        <Suspense>
          <ExportDialog key={downloadPath(query)} query={query} open={open} onOpenChange={onOpenChange} />
        </Suspense>
      ) : null}
    </>
  );
}
