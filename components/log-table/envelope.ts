import type { Row } from "./kind-view";

interface EnvelopeField {
  name: keyof Row & string;
  label: string;
  description: string;
}

/** The envelope, which no kind declares: one name for each of its fields, wherever the portal shows it. */
export const ENVELOPE = {
  id: { name: "id", label: "Row ID", description: "Id of the row." },
  seq: { name: "seq", label: "Seq", description: "Place in the log, in commit order, without gaps." },
  occurredAt: {
    name: "occurred_at",
    label: "Occurred (UTC)",
    description: "When it happened, as the producer said.",
  },
  createdAt: {
    name: "created_at",
    label: "Created (UTC)",
    description: "When it was committed, by the database's clock.",
  },
} as const satisfies Record<string, EnvelopeField>;
