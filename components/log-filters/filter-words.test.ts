import { expect, test } from "vitest";
import { shownValue, typedValue } from "./filter-words";

const words = { "sign_in.succeeded": "Signed in", "sign_out.done": "Signed out" };

test("what is typed as the page shows it is what rows have, in any case", () => {
  expect(typedValue(" signed IN ", words)).toBe("sign_in.succeeded");
  expect(typedValue("sign_in.succeeded", words)).toBe("sign_in.succeeded");
  expect(typedValue(" lock.removed ", words)).toBe("lock.removed");
  expect(typedValue("Signed in")).toBe("Signed in");
});

test("a value is shown in words, where there are some", () => {
  expect(shownValue("SIGN_OUT.done", words)).toBe("Signed out");
  expect(shownValue("lock.removed", words)).toBe("lock.removed");
  expect(shownValue("constructor", words)).toBe("constructor");
  expect(shownValue("constructor")).toBe("constructor");
});
