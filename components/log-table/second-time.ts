import { fullTime } from "./time-text";

/** `22 Nov 2026, 01:18:49`: to the second, for what people read and nobody compares. Always UTC. */
export function secondTime(time: string): string {
  return fullTime(`${time.slice(0, 19)}Z`);
}
