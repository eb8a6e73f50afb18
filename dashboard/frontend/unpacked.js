/** A state as dashboard/map_component.py packs it. */
export async function unpacked(data) {
  const stream = new DecompressionStream("deflate");
  const writer = stream.writable.getWriter();
  const written = writer.write(data).then(() => writer.close());
  const decoder = new TextDecoder();
  let text = "";
  // Read by hand: a Blob goes by another process, whose answer waits behind all that the page draws.
  for (const reader = stream.readable.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await written;
  return JSON.parse(text + decoder.decode());
}
