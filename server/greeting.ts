import type { DemoCredentials } from "@/lib/demo/demo";

interface Greeting {
  url: string;
  demo: (DemoCredentials & { passwordWorks: boolean }) | undefined;
  setupToken: string | undefined;
  credentialsFile: string;
}

function demoLines(demo: DemoCredentials & { passwordWorks: boolean }, file: string): string[] {
  const event =
    '{"kind":"call","provider_id":"example","method":"GET","url":"https://example.com/","outcome":"success"}';
  return [
    `  Sign in    ${demo.email}`,
    `  Password   ${demo.passwordWorks ? demo.password : "(the one you changed it to)"}`,
    `  API key    ${demo.api_key}`,
    `  (kept in ${file})`,
    "",
    "  Write your first row:",
    `  curl ${demo.url}/v1/events -H 'Authorization: Bearer ${demo.api_key}' \\`,
    `    -H 'Content-Type: application/json' -d '${event}'`,
  ];
}

/** The last thing that a start prints. */
export function greeting({ url, demo, setupToken, credentialsFile }: Greeting): string {
  const lines = ["", `  Affidavit  ${url}`];
  if (demo) lines.push(...demoLines(demo, credentialsFile));
  if (setupToken)
    lines.push(
      "  Make the first owner (this address works once, until the next start):",
      `  ${url}/setup#token=${setupToken}`,
    );
  return [...lines, "", "  Ctrl-C stops it.", ""].join("\n");
}
