import { readManualPage } from "@/lib/manual/manual";

/** `/docs/quick-start.md`: the pages of docs/ as they are. */
export async function GET(_request: Request, { params }: { params: Promise<{ page: string }> }): Promise<Response> {
  const text = await readManualPage((await params).page);
  if (text === undefined) return new Response("There is no such page; /llms.txt lists them.\n", { status: 404 });
  return new Response(text, { headers: { "content-type": "text/markdown; charset=utf-8" } });
}
