// Measures every text of the page against its ground (WCAG 2.1 contrast), and finds what sticks out sideways.
() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const parse = (text) => { // the browser itself turns any notation (rgb, oklab, color-mix) into a pixel
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => top.slice(0, 3).map((v, i) => v * top[3] + below[i] * (1 - top[3])).concat(1);
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05); };
  const ground = (one) => {
    const layers = [];
    for (let at = one; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) { layers.push(colour); }
      if (colour[3] === 1) { break; }
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const weak = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let texts = 0;
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) { continue; }
    if (one.closest("template, script, style, svg, .x-vh, .x-skip, :disabled, [data-chart]")) { continue; }
    const style = getComputedStyle(one);
    const size = parseFloat(style.fontSize);
    texts += 1;
    if (size < 12) { weak.push(["small " + size, walker.currentNode.textContent.trim().slice(0, 20)]); }
    const wanted = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 600) ? 3 : 4.5;
    const below = ground(one);
    const found = ratio(over(parse(style.color), below), below);
    if (found < wanted) { weak.push([found.toFixed(2), walker.currentNode.textContent.trim().slice(0, 20), style.color, one.className]); }
  }
  const wide = Array.from(document.querySelectorAll("body *")).filter((one) => {
    if (one.closest(".x-scroll, .x-segments, .x-stages, dialog, .x-vh, svg, .x-skip, .x-side, .x-bulk, template") || !one.checkVisibility()) { return false; }
    const box = one.getBoundingClientRect();
    return box.width > 0 && box.right > innerWidth + 1;
  }).map((one) => one.tagName + "." + one.className).slice(0, 5);
  return { texts, weak, wide, sideways: document.documentElement.scrollWidth - innerWidth };
}
