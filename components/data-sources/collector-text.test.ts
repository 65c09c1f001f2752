import { expect, test } from "vitest";
import { collectorCommand } from "./collector-text";

const at = { id: "0198b6a2", origin: "https://audit.example" };

test("the directory is the server's own, whole for a shell", () => {
  expect(collectorCommand(at, "/var/lib/postgresql/18/main/log")).toMatch(
    / --log-dir \/var\/lib\/postgresql\/18\/main\/log$/,
  );
  expect(collectorCommand(at, "/data/it's mine")).toMatch(/ --log-dir '\/data\/it'\\''s mine'$/);
});

test("one that is not known is to be filled in", () => {
  expect(collectorCommand(at, null)).toMatch(/ --log-dir '<log_directory of the server>'$/);
});
