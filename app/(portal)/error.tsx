"use client";

import { PageFailed } from "@/components/ui/page-failed";

export default function PortalError({ error, retry }: { error: unknown; retry: () => void }) {
  return <PageFailed error={error} retry={retry} />;
}
