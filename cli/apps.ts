import { defineCommand } from "./command";
import { CONNECTION, connect, listApps } from "./connection";
import { visible } from "./words";

export const listAppsCommand = defineCommand({
  name: "apps list",
  summary: "List the applications that the key may use",
  about: [],
  options: { ...CONNECTION, json: { about: "One JSON array" } },
  examples: [{ does: "Ids and names", line: "affidavit apps list" }],
  async run({ given }, terminal) {
    const apps = await listApps(connect(given, terminal));
    if (given.json) await terminal.out(`${JSON.stringify(apps)}\n`);
    else await terminal.out(apps.map(({ id, name }) => `${id}  ${visible(name)}\n`).join(""));
    return 0;
  },
});
