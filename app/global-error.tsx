"use client";

import { PageFailed } from "@/components/ui/page-failed";
import "./globals.css";

export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Affidavit</title>
        <PageFailed error={error} retry={retry} />
      </body>
    </html>
  );
}
