import type { DemoCredentials } from "@/lib/demo/demo";

type Demo = DemoCredentials & { passwordWorks: boolean };

interface Greeting {
  url: string;
  demo: Demo | undefined;
  /** Whether the demo's credentials were made by this start. */
  isFirst: boolean;
  setupToken: string | undefined;
  credentialsFile: string;
}

function firstDemoLines(demo: Demo, file: string): string[] {
  const event =
    '{"kind":"call","provider_id":"example","method":"GET","url":"https://example.com/","outcome":"success"}';
  return [
    `  Sign in    ${demo.email}`,
    `  Password   ${demo.password}`,
    `  API key    ${demo.api_key}`,
    `  (kept in ${file})`,
    "",
    "  Write your first row:",
    `  curl ${demo.url}/v1/events -H 'Authorization: Bearer ${demo.api_key}' \\`,
    `    -H 'Content-Type: application/json' -d '${event}'`,
  ];
}

/** Whoever starts it again knows it: no secrets on the screen once more, but where they are. */
function demoLines(demo: Demo, file: string): string[] {
  if (!demo.passwordWorks)
    return [`  Sign in    ${demo.email}, with the password that you chose`, `  API key    in ${file}`];
  return [`  Sign in    ${demo.email}`, `  Password and API key are in ${file}`];
}

/** The last thing that a start prints. */
export function greeting({ url, demo, isFirst, setupToken, credentialsFile }: Greeting): string {
  const lines = ["", `  Affidavit  ${url}`];
  if (demo) lines.push(...(isFirst ? firstDemoLines : demoLines)(demo, credentialsFile));
  if (setupToken)
    lines.push(
      "  Make the first owner (this address works once, until the next start):",
      `  ${url}/setup#token=${setupToken}`,
    );
  return [...lines, "", "  Ctrl-C stops it.", ""].join("\n");
}
