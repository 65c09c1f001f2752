/** Puts a text on the clipboard. @returns false where there is none (plain http on another machine) or it was refused */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
