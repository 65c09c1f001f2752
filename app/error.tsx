"use client";

import { PageFailed } from "@/components/ui/page-failed";

export default function RootError({ error, retry }: { error: unknown; retry: () => void }) {
  return <PageFailed error={error} retry={retry} />;
}
