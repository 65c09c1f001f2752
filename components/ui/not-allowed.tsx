import { Lock } from "lucide-react";

interface NotAllowedProps {
  title: string;
  role: string;
  /** What the page is for: `manage API keys`. */
  act: string;
}

/** A page that this role may not use, said in its place. */
export function NotAllowed({ title, role, act }: NotAllowedProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-4 py-20 text-center">
      <Lock aria-hidden className="mb-1 size-6 text-faint" />
      <h1 className="font-medium text-base">{title}</h1>
      <p className="text-muted text-sm">
        Your role, {role}, may not {act}. An owner or admin of the organization can do it for you, or change your role.
      </p>
    </div>
  );
}
