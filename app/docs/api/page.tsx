import type { Metadata } from "next";
import { ApiReference } from "@/components/api-reference/api-reference";
import type { ApiDocument } from "@/components/api-reference/openapi";
import document from "@/docs/api/openapi.json";
import { env } from "@/lib/config/env";

export const metadata: Metadata = { title: "API reference" };

export default function ApiReferencePage() {
  // The committed document, which a test holds against the code.
  return <ApiReference document={document as unknown as ApiDocument} origin={env().publicUrl} />;
}
