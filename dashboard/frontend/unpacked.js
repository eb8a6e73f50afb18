/** A state as dashboard/map_component.py packs it. */
export function unpacked(data) {
  const text = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(text).json();
}
